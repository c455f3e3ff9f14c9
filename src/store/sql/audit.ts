/** The log in SQL: the port of `audit/store.ts`. */
import { digest } from '#crypto'
import type { AuditStore, EntryRow, FreshEntry, LogHead, PendingAct } from '../../audit/store.js'
import { utf8 } from '../../core/bytes.js'
import { VidimusError } from '../../errors.js'
import type { SqlDatabase, SqlRow, SqlSession, SqlValue } from './database.js'
import { hex } from './hex.js'
import { bytesOf, integerOf, optional, textOf } from './row.js'
import { guardedValues } from './values.js'

/** How long whoever has the log locked may be silent, as when a device signs; then another takes over. */
const leaseSeconds = 30

/** Subjects are found by their digest; the tables hold none of them. */
async function digestOf(subject: string): Promise<Uint8Array> {
  guardedValues([subject])
  return digest('sha-256', utf8(subject))
}

export function sqlAuditStore(database: SqlDatabase): Omit<AuditStore, 'transaction'> {
  const locks = database.dialect === 'postgres'
  const held = locks ? ' FOR UPDATE' : ''
  const shared = locks ? ' FOR KEY SHARE' : ''
  /** Of the one who has the log locked the server takes leave when it falls silent: it is not coming back. */
  const lease = locks ? `, set_config('idle_in_transaction_session_timeout', '${leaseSeconds}s', true)` : ''
  /** The elements of a JSON list. */
  const each = locks ? 'json_array_elements($1::json) AS named' : 'json_each($1) AS named'
  /** A member of an element that is a list itself: text, an integer, or bytes as hexadecimal digits. */
  const text = (at: number) => (locks ? `named.value->>${at}` : `json_extract(named.value, '$[${at}]')`)
  const long = (at: number) => (locks ? `(named.value->>${at})::bigint` : text(at))
  const bytes = (at: number) => (locks ? `decode(${text(at)}, 'hex')` : `unhex(${text(at)})`)

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
      return readHead(database.session(transaction))
    },

    async lockLog(transaction, maxWait) {
      const session = database.session(transaction)
      return locks ? lockHead(session, lease, maxWait) : touchHead(session)
    },

    async numberActs(transaction, { follows, entries, fresh = [], checkpoint }) {
      const session = database.session(transaction)
      const head = [follows + entries.length + fresh.length, checkpoint]
      // At once when no act can be missing: one statement locks, looks and writes.
      const moved = entries.length === 0 ? await moveHead(session, head, follows) : undefined
      if (moved === false || (moved === undefined && (await readHead(session, '', held)).size !== follows)) return false
      const rows = [...entries, ...fresh].map(({ index, act, text }) => [index, act, text])
      const written = guardedJson(rows)
      const numbered = entries.length === rows.length ? written : JSON.stringify(rows.slice(0, entries.length))
      if (entries.length > 0) {
        // Locked as well, or a subject could be erased between its act and its entry.
        const found = await session.query(
          `SELECT act FROM vidimus_log_act WHERE act IN (SELECT ${text(1)} FROM ${each})${held}`,
          [numbered],
        )
        if (found.length !== entries.length) return false
      }
      await session.execute(
        `INSERT INTO vidimus_log_entry (place, act, entry) SELECT ${long(0)}, ${text(1)}, ${text(2)} FROM ${each}`,
        [written],
      )
      if (entries.length > 0) {
        await session.execute(
          `INSERT INTO vidimus_log_about (subject, place) SELECT a.subject, ${long(0)} FROM ${each}
            JOIN vidimus_log_act a ON a.act = ${text(1)} WHERE a.subject IS NOT NULL`,
          [numbered],
        )
        await session.execute(`DELETE FROM vidimus_log_act WHERE act IN (SELECT ${text(1)} FROM ${each})`, [numbered])
      }
      const about = await placesOf(fresh)
      if (about.length > 0)
        await session.execute(
          `INSERT INTO vidimus_log_about (subject, place) SELECT ${bytes(0)}, ${long(1)} FROM ${each}`,
          [JSON.stringify(about)],
        )
      return moved ?? (await moveHead(session, head, follows))
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

    async keepSubjectKeys(transaction, named) {
      const session = database.session(transaction)
      const known = await Promise.all(named.map(({ subject }) => digestOf(subject)))
      const names = known.map(hex)
      // In one order for everybody, so that fewer get in each other's way.
      const rows = JSON.stringify(named.map(({ key }, at) => [names[at], hex(key)]).sort(byName))
      for (;;) {
        const inserted = await session.execute(
          `INSERT INTO vidimus_log_subject (subject, subject_key) SELECT ${bytes(0)}, ${bytes(1)} FROM ${each} WHERE true
            ON CONFLICT (subject) DO NOTHING`,
          [rows],
        )
        if (inserted === named.length) return named.map(({ key }) => key)
        // Another may erase one between the two statements; then the key is inserted after all.
        const found = await session.query(
          `SELECT subject, subject_key FROM vidimus_log_subject WHERE subject IN (SELECT ${bytes(0)} FROM ${each})${shared}`,
          [rows],
        )
        const keys = new Map(found.map(row => [hex(bytesOf(row, 'subject')), bytesOf(row, 'subject_key')]))
        if (keys.size === named.length) return names.map(name => keys.get(name) as Uint8Array)
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

/** The digests of subjects as hexadecimal digits, and the places of the entries about them. */
async function placesOf(entries: readonly FreshEntry[]): Promise<readonly (readonly [string, number])[]> {
  const places: Promise<readonly [string, number]>[] = []
  for (const { index, subject } of entries)
    if (subject !== undefined) places.push(digestOf(subject).then(digest => [hex(digest), index] as const))
  return Promise.all(places)
}

/** JSON would hide from the session what a database does not keep as it is, which JSON writes with an escape. */
function guardedJson(rows: readonly (readonly (string | number)[])[]): string {
  const json = JSON.stringify(rows)
  if (json.includes('\\u')) guardedValues(rows.flat())
  return json
}

const byName = ([a = '']: readonly (string | undefined)[], [b = '']: readonly (string | undefined)[]): number =>
  a < b ? -1 : 1

async function readHead(session: SqlSession, lease = '', held = ''): Promise<LogHead> {
  return headOf(await findHead(session, lease, held))
}

/** A size that is none is no head. */
const exact = ` WHERE size BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER}`

async function findHead(session: SqlSession, lease: string, held: string): Promise<SqlRow | undefined> {
  return (await session.query(`SELECT size, checkpoint${lease} FROM vidimus_log_head${exact}${held}`))[0]
}

/** There always is one. */
function headOf(row: SqlRow | undefined): LogHead {
  if (row === undefined) throw new VidimusError('log_corrupt', { at: 'head' })
  return { size: integerOf(row, 'size'), checkpoint: optional(row, 'checkpoint', textOf) }
}

/** Of a lock that is free nothing more is asked; whoever has to wait says for how long first. */
async function lockHead(session: SqlSession, lease: string, maxWait?: number): Promise<LogHead> {
  if (maxWait === undefined) return readHead(session, lease, ' FOR UPDATE')
  const free = await findHead(session, lease, ' FOR UPDATE SKIP LOCKED')
  if (free !== undefined) return headOf(free)
  if (maxWait === 0) throw new VidimusError('store_busy')
  await session.query(`SELECT set_config('lock_timeout', $1, true)`, [`${Math.ceil(maxWait * 1000)}ms`])
  const head = await readHead(session, lease, ' FOR UPDATE')
  await session.execute('SET LOCAL lock_timeout TO DEFAULT')
  return head
}

/**
 * SQLite has one writer at a time, and this is one. It writes, for a commit that failed on its way to the disk may be
 * found there after a crash until another has taken its place.
 */
async function touchHead(session: SqlSession): Promise<LogHead> {
  const [row] = await session.query(`UPDATE vidimus_log_head SET size = size${exact} RETURNING size, checkpoint`)
  return headOf(row)
}

/** Says whether the log ended at `follows`. */
async function moveHead(session: SqlSession, head: readonly SqlValue[], follows: number): Promise<boolean> {
  const sql = 'UPDATE vidimus_log_head SET size = $1, checkpoint = $2 WHERE size = $3'
  return (await session.execute(sql, [...head, follows])) === 1
}

const readEntry = (row: SqlRow): EntryRow => ({
  index: integerOf(row, 'place'),
  act: textOf(row, 'act'),
  text: textOf(row, 'entry'),
})
