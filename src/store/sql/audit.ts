/** The log in SQL: the port of `audit/store.ts`. */
import { digest } from '#crypto'
import type { AuditStore, EntryRow, PendingAct } from '../../audit/store.js'
import { utf8 } from '../../core/bytes.js'
import type { SqlDatabase, SqlRow, SqlSession } from './database.js'
import { bytesOf, integerOf, optional, textOf } from './row.js'
import { guardedValues } from './values.js'

/** Subjects are found by their digest; the tables hold none of them. */
async function digestOf(subject: string): Promise<Uint8Array> {
  guardedValues([subject])
  return digest('sha-256', utf8(subject))
}

export function sqlAuditStore(database: SqlDatabase): Omit<AuditStore, 'transaction'> {
  const locks = database.dialect === 'postgres'
  const held = locks ? ' FOR UPDATE' : ''
  const shared = locks ? ' FOR KEY SHARE' : ''
  /** The elements of a JSON list of texts, as rows with one column. */
  const each = locks
    ? `(SELECT value FROM json_array_elements_text($1::json) AS value) AS named`
    : `(SELECT value FROM json_each($1)) AS named`
  /** The elements of a JSON list of [place, act, entry]. */
  const placed = locks
    ? `SELECT (value->>0)::bigint, value->>1, value->>2 FROM json_array_elements($1::json)`
    : `SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each($1)`
  /** The elements of a JSON list of [place, act], with the subject of the act. */
  const about = locks
    ? `SELECT a.subject, (value->>0)::bigint FROM json_array_elements($1::json)
        JOIN vidimus_log_act a ON a.act = value->>1 WHERE a.subject IS NOT NULL`
    : `SELECT a.subject, json_extract(value, '$[0]') FROM json_each($1)
        JOIN vidimus_log_act a ON a.act = json_extract(value, '$[1]') WHERE a.subject IS NOT NULL`

  return {
    async insertPendingAct(transaction, { id, text }, subject) {
      await database
        .session(transaction)
        .execute('INSERT INTO vidimus_log_act (act, entry, subject) VALUES ($1, $2, $3)', [
          id,
          text,
          subject === undefined ? null : await digestOf(subject),
        ])
    },

    async findPendingActs(transaction, limit) {
      const rows = await database
        .session(transaction)
        .query('SELECT act, entry FROM vidimus_log_act ORDER BY id LIMIT $1', [limit])
      return rows.map((row): PendingAct => ({ id: textOf(row, 'act'), text: textOf(row, 'entry') }))
    },

    async findLogHead(transaction) {
      return readHead(database.session(transaction), '')
    },

    async numberActs(transaction, { follows, entries, checkpoint }) {
      const session = database.session(transaction)
      const head = await readHead(session, held)
      if (head.size !== follows) return false
      // JSON would hide from the session what a database does not keep as it is.
      guardedValues(entries.flatMap(({ act, text }) => [act, text]))
      const acts = JSON.stringify(entries.map(({ act }) => act))
      // Locked as well, or a subject could be erased between its act and its entry.
      const found = await session.query(
        `SELECT act FROM vidimus_log_act WHERE act IN (SELECT value FROM ${each})${held}`,
        [acts],
      )
      if (found.length !== entries.length) return false
      const rows = JSON.stringify(entries.map(({ index, act, text }) => [index, act, text]))
      await session.execute(`INSERT INTO vidimus_log_entry (place, act, entry) ${placed}`, [rows])
      await session.execute(`INSERT INTO vidimus_log_about (subject, place) ${about}`, [rows])
      await session.execute(`DELETE FROM vidimus_log_act WHERE act IN (SELECT value FROM ${each})`, [acts])
      await session.execute('UPDATE vidimus_log_head SET size = $1, checkpoint = $2', [
        follows + entries.length,
        checkpoint,
      ])
      return true
    },

    async findEntries(transaction, from, to) {
      const rows = await database
        .session(transaction)
        .query('SELECT place, act, entry FROM vidimus_log_entry WHERE place >= $1 AND place < $2 ORDER BY place', [
          from,
          to,
        ])
      return rows.map(readEntry)
    },

    async findEntryOfAct(transaction, act) {
      const rows = await database
        .session(transaction)
        .query('SELECT place, act, entry FROM vidimus_log_entry WHERE act = $1', [act])
      return rows.map(readEntry)[0]
    },

    async keepSubjectKey(transaction, subject, fresh) {
      const session = database.session(transaction)
      const known = await digestOf(subject)
      for (;;) {
        await session.execute(
          'INSERT INTO vidimus_log_subject (subject, subject_key) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING',
          [known, fresh],
        )
        // Another may erase it between the two statements; then the key is inserted after all.
        const [row] = await session.query(`SELECT subject_key FROM vidimus_log_subject WHERE subject = $1${shared}`, [
          known,
        ])
        if (row !== undefined) return bytesOf(row, 'subject_key')
      }
    },

    async findSubjectKey(transaction, subject) {
      const rows = await database
        .session(transaction)
        .query('SELECT subject_key FROM vidimus_log_subject WHERE subject = $1', [await digestOf(subject)])
      return rows.map(row => bytesOf(row, 'subject_key'))[0]
    },

    async findSubjectEntries(transaction, subject, limit) {
      const rows = await database.session(transaction).query(
        `SELECT e.place, e.act, e.entry FROM vidimus_log_about a JOIN vidimus_log_entry e ON e.place = a.place
            WHERE a.subject = $1 ORDER BY e.place LIMIT $2`,
        [await digestOf(subject), limit],
      )
      return rows.map(readEntry)
    },

    async eraseSubject(transaction, subject) {
      const session = database.session(transaction)
      const known = await digestOf(subject)
      const erased = await session.execute('DELETE FROM vidimus_log_subject WHERE subject = $1', [known])
      if (erased === 0) return false
      // Acts first: one that becomes an entry meanwhile is waited for, and is found among the entries then.
      await session.execute('UPDATE vidimus_log_act SET subject = NULL WHERE subject = $1', [known])
      await session.execute('DELETE FROM vidimus_log_about WHERE subject = $1', [known])
      return true
    },
  }
}

async function readHead(session: SqlSession, held: string) {
  const [row] = await session.query(`SELECT size, checkpoint FROM vidimus_log_head${held}`)
  if (row === undefined) throw new Error('the store has lost the head of its log')
  return { size: integerOf(row, 'size'), checkpoint: optional(row, 'checkpoint', textOf) }
}

const readEntry = (row: SqlRow): EntryRow => ({
  index: integerOf(row, 'place'),
  act: textOf(row, 'act'),
  text: textOf(row, 'entry'),
})
