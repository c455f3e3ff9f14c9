/** The memory of a witness in SQL: the port of `audit/witness-store.ts`. */
import type { WitnessStore } from '../../audit/witness-store.js'
import type { SqlDatabase } from './database.js'
import { textOf } from './row.js'

export function sqlWitnessStore(database: SqlDatabase): Omit<WitnessStore, 'transaction'> {
  return {
    async findWitnessed(transaction, origin) {
      const rows = await database
        .session(transaction)
        .query('SELECT checkpoint FROM vidimus_witness WHERE origin = $1', [origin])
      return rows.map(row => textOf(row, 'checkpoint'))[0]
    },

    async replaceWitnessed(transaction, origin, known, next) {
      const session = database.session(transaction)
      // Whoever comes second waits for the first one's commit, and then finds the row changed.
      const kept =
        known === undefined
          ? await session.execute(
              'INSERT INTO vidimus_witness (origin, checkpoint) VALUES ($1, $2) ON CONFLICT (origin) DO NOTHING',
              [origin, next],
            )
          : await session.execute('UPDATE vidimus_witness SET checkpoint = $3 WHERE origin = $1 AND checkpoint = $2', [
              origin,
              known,
              next,
            ])
      return kept === 1
    },
  }
}
