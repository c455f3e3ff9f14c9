/** Answers and messages of the office in SQL: the port of `office/store.ts`. */
import type { OfficeStore, OutboxMessage } from '../../office/store.js'
import type { SqlDatabase } from './database.js'
import { dateOf, integerOf, optional, textOf } from './row.js'
import { guardedValues } from './values.js'

export function sqlOfficeStore(database: SqlDatabase): Omit<OfficeStore, 'transaction'> {
  /** Messages that another is about to lease are left to it. */
  const passing = database.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  const each =
    database.dialect === 'postgres'
      ? 'SELECT value FROM json_array_elements_text($1::json) AS value'
      : 'SELECT value FROM json_each($1)'

  return {
    async claimKey(transaction, { key, request, expires }) {
      const claimed = await database
        .session(transaction)
        .execute(
          'INSERT INTO vidimus_answer (name, request, expires) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
          [key, request, expires.getTime()],
        )
      return claimed === 1
    },

    async keepAnswer(transaction, key, answer) {
      const kept = await database
        .session(transaction)
        .execute('UPDATE vidimus_answer SET answer = $2 WHERE name = $1', [key, answer])
      if (kept !== 1) throw new Error('the key was not claimed in this store')
    },

    async findAnswer(transaction, key) {
      const rows = await database
        .session(transaction)
        .query('SELECT request, answer, expires FROM vidimus_answer WHERE name = $1', [key])
      const [row] = rows
      if (row === undefined) return undefined
      const answer = optional(row, 'answer', textOf)
      return { key, request: textOf(row, 'request'), answer, expires: dateOf(row, 'expires') }
    },

    async forgetAnswers(transaction, before) {
      return database.session(transaction).execute('DELETE FROM vidimus_answer WHERE expires < $1', [before.getTime()])
    },

    async insertMessage(transaction, { id, topic, body }) {
      await database
        .session(transaction)
        .execute('INSERT INTO vidimus_outbox (message, topic, body, leased_until) VALUES ($1, $2, $3, 0)', [
          id,
          topic,
          body,
        ])
    },

    async leaseMessages(transaction, { now, until, limit }) {
      const rows = await database.session(transaction).query(
        `UPDATE vidimus_outbox SET leased_until = $2 WHERE id IN
            (SELECT id FROM vidimus_outbox WHERE leased_until <= $1 ORDER BY leased_until, id LIMIT $3${passing})
            RETURNING id, message, topic, body`,
        [now.getTime(), until.getTime(), limit],
      )
      return rows
        .toSorted((a, b) => integerOf(a, 'id') - integerOf(b, 'id'))
        .map(
          (row): OutboxMessage => ({
            id: textOf(row, 'message'),
            topic: textOf(row, 'topic'),
            body: textOf(row, 'body'),
          }),
        )
    },

    async deleteMessages(transaction, ids) {
      await database
        .session(transaction)
        .execute(`DELETE FROM vidimus_outbox WHERE message IN (${each})`, [JSON.stringify(guardedValues(ids))])
    },
  }
}
