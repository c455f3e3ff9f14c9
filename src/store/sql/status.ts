/** Statuses in SQL: the port of `status/store.ts`. */
import type { StatusBits } from '../../formats/status-list/bits.js'
import type {
  PublicationRow,
  PublishedBits,
  StatusChange,
  StatusEntryRow,
  StatusFileRow,
  StatusListRow,
  StatusStore,
} from '../../status/store.js'
import type { SqlDatabase, SqlRow, SqlSession } from './database.js'
import { bytesOf, dateOf, integerOf, optional, textOf } from './row.js'

/** Changes read at once. */
const pageSize = 10_000

/** A list by its address: entries and changes name it by number, which is what keeps them small. */
const listOf = (parameter: string) => `(SELECT id FROM vidimus_status_list WHERE uri = ${parameter})`

const ofKind = 'registry = $1 AND format = $2 AND bits = $3 AND size = $4 AND cohort = $5 AND shard = $6'

export function sqlStatusStore(database: SqlDatabase): Omit<StatusStore, 'transaction'> {
  const held = database.dialect === 'postgres' ? ' FOR UPDATE' : ''

  return {
    async insertStatusList(transaction, list) {
      const session = database.session(transaction)
      const { uri, registry, format, bits, size, cohort, shard, key, capacity, created, expires } = list
      const inserted = await session.query(
        `INSERT INTO vidimus_status_list
          (registry, format, bits, size, cohort, shard, uri, list_key, capacity, leased, created, expires)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)
          ON CONFLICT (registry, format, bits, size, cohort, shard) WHERE leased < capacity DO NOTHING RETURNING id`,
        [
          ...[registry, format, bits, size, cohort, shard, uri, key, capacity],
          ...[created.getTime(), expires?.getTime() ?? null],
        ],
      )
      const [row] = inserted
      if (row === undefined) return false
      await session.execute(
        `INSERT INTO vidimus_status_published (list, version, issued, expires, compressed) VALUES ($1, 0, 0, 0, $2)`,
        [integerOf(row, 'id'), new Uint8Array()],
      )
      return true
    },

    async findOpenStatusList(transaction, { registry, format, bits, size, cohort, shard }) {
      const rows = await database
        .session(transaction)
        .query(`SELECT * FROM vidimus_status_list WHERE ${ofKind} AND leased < capacity`, [
          ...[registry, format, bits, size, cohort, shard],
        ])
      return rows.map(readList)[0]
    },

    async findStatusList(transaction, uri) {
      const rows = await database.session(transaction).query('SELECT * FROM vidimus_status_list WHERE uri = $1', [uri])
      return rows.map(readList)[0]
    },

    async findLivingStatusLists(transaction, registry, until) {
      const rows = await database
        .session(transaction)
        .query(
          `SELECT * FROM vidimus_status_list WHERE registry = $1 AND (expires IS NULL OR expires >= $2) ORDER BY id`,
          [registry, until.getTime()],
        )
      return rows.map(readList)
    },

    async findPublishedStatusLists(transaction, registry, until) {
      const rows = await database.session(transaction).query(
        `SELECT l.uri, l.format FROM vidimus_status_list l JOIN vidimus_status_published p ON p.list = l.id
            WHERE l.registry = $1 AND (l.expires IS NULL OR l.expires >= $2) AND p.version > 0 ORDER BY l.id`,
        [registry, until.getTime()],
      )
      return rows.map(row => ({ uri: textOf(row, 'uri'), format: textOf(row, 'format') }))
    },

    async abandonStatusLists(transaction, registry, gap) {
      const session = database.session(transaction)
      await session.execute(
        'UPDATE vidimus_status_list SET leased = capacity WHERE registry = $1 AND leased < capacity',
        [registry],
      )
      await session.execute(
        `UPDATE vidimus_status_published SET version = version + $2
          WHERE version > 0 AND list IN (SELECT id FROM vidimus_status_list WHERE registry = $1)`,
        [registry, gap],
      )
    },

    async leasePlaces(transaction, uri, count) {
      const rows = await database.session(transaction).query(
        `UPDATE vidimus_status_list SET leased = leased + $2 WHERE uri = $1 AND leased < capacity
            RETURNING leased, capacity`,
        [uri, count],
      )
      const [row] = rows
      if (row === undefined) return undefined
      const leased = integerOf(row, 'leased')
      return { from: leased - count, to: Math.min(leased, integerOf(row, 'capacity')) }
    },

    async insertStatusEntry(transaction, { uri, index, id, value }) {
      const inserted = await database.session(transaction).execute(
        `INSERT INTO vidimus_status_entry (list, place, value, passport) VALUES (${listOf('$1')}, $2, $3, $4)
            ON CONFLICT (list, place) DO NOTHING`,
        [uri, index, value, id],
      )
      return inserted === 1
    },

    async findStatusEntry(transaction, uri, index) {
      const rows = await database
        .session(transaction)
        .query(`SELECT place, value, passport FROM vidimus_status_entry WHERE list = ${listOf('$1')} AND place = $2`, [
          uri,
          index,
        ])
      return rows.map(row => readEntry(row, uri))[0]
    },

    async findStatusEntries(transaction, registry, id) {
      const rows = await database.session(transaction).query(
        `SELECT l.uri, e.place, e.value, e.passport FROM vidimus_status_entry e
            JOIN vidimus_status_list l ON l.id = e.list
            WHERE e.passport = $1 AND l.registry = $2 ORDER BY e.list, e.place`,
        [id, registry],
      )
      return rows.map(row => readEntry(row, textOf(row, 'uri')))
    },

    async updateStatusEntry(transaction, { uri, index, value: before }, after) {
      const session = database.session(transaction)
      const updated = await session.query(
        `UPDATE vidimus_status_entry SET value = $4 WHERE list = ${listOf('$1')} AND place = $2 AND value = $3
          RETURNING list`,
        [uri, index, before, after],
      )
      const [row] = updated
      if (row === undefined) return false
      await session.execute(
        'INSERT INTO vidimus_status_change (list, place, value_before, value_after) VALUES ($1, $2, $3, $4)',
        [integerOf(row, 'list'), index, before, after],
      )
      return true
    },

    async lockPublication(transaction, uri) {
      return findPublished(database.session(transaction), uri, held)
    },

    async findPublished(transaction, uri) {
      return findPublished(database.session(transaction), uri, '')
    },

    async *takeChanges(transaction, uri, version) {
      const session = database.session(transaction)
      await session.execute(
        `UPDATE vidimus_status_change SET version = $2 WHERE list = ${listOf('$1')} AND version IS NULL`,
        [uri, version],
      )
      yield* pages(
        session,
        `SELECT * FROM vidimus_status_change WHERE list = ${listOf('$1')} AND version = $2 AND id > $3
          ORDER BY id LIMIT ${pageSize}`,
        [uri, version],
        0,
      )
    },

    async insertPublication(transaction, uri, publication, files) {
      const session = database.session(transaction)
      const { version, issued, expires, compressed } = publication
      const values = [uri, version, issued.getTime(), expires.getTime()]
      const replaced = await session.execute(
        `UPDATE vidimus_status_published SET version = $2, issued = $3, expires = $4, compressed = $5
          WHERE list = ${listOf('$1')} AND version < $2`,
        [...values, compressed],
      )
      if (replaced !== 1) throw new Error('the publication is in this store already')
      await session.execute(
        `INSERT INTO vidimus_status_publication (list, version, issued, expires) VALUES (${listOf('$1')}, $2, $3, $4)`,
        values,
      )
      for (const file of files) await writeFile(session, file)
    },

    async findStatusFile(transaction, uri) {
      const rows = await database.session(transaction).query('SELECT * FROM vidimus_status_file WHERE uri = $1', [uri])
      return rows.map(readFile)[0]
    },

    async findPublicationAt(transaction, uri, at) {
      const rows = await database.session(transaction).query(
        `SELECT version, issued, expires FROM vidimus_status_publication
            WHERE list = ${listOf('$1')} AND issued <= $2 ORDER BY version DESC LIMIT 1`,
        [uri, at.getTime()],
      )
      return rows.map(readPublication)[0]
    },

    findChangesBetween(transaction, uri, after, upTo) {
      return pages(
        database.session(transaction),
        `SELECT * FROM vidimus_status_change WHERE list = ${listOf('$1')} AND version > $2
          AND version <= cast($3 AS bigint) AND id < $4 ORDER BY id DESC LIMIT ${pageSize}`,
        [uri, after, upTo],
        Number.MAX_SAFE_INTEGER,
      )
    },

    async forgetPublications(transaction, uri, before) {
      const session = database.session(transaction)
      await session.execute(
        `DELETE FROM vidimus_status_publication WHERE list = ${listOf('$1')} AND version <
          (SELECT coalesce(min(CASE WHEN expires >= $2 THEN version END), max(version))
            FROM vidimus_status_publication WHERE list = ${listOf('$1')})`,
        [uri, before.getTime()],
      )
      await session.execute(
        `DELETE FROM vidimus_status_change WHERE list = ${listOf('$1')}
          AND version <= (SELECT min(version) FROM vidimus_status_publication WHERE list = ${listOf('$1')})`,
        [uri],
      )
    },
  }
}

async function findPublished(session: SqlSession, uri: string, held: string): Promise<PublishedBits | undefined> {
  const [row] = await session.query(`SELECT * FROM vidimus_status_published WHERE list = ${listOf('$1')}${held}`, [uri])
  if (row === undefined) throw new Error('no such status list in this store')
  return integerOf(row, 'version') === 0
    ? undefined
    : { ...readPublication(row), compressed: bytesOf(row, 'compressed') }
}

/** The pages of a statement whose last parameter is the id that the page begins behind. */
async function* pages(
  session: SqlSession,
  sql: string,
  values: readonly (string | number)[],
  start: number,
): AsyncIterable<readonly StatusChange[]> {
  for (let behind = start; ; ) {
    const rows = await session.query(sql, [...values, behind])
    if (rows.length > 0) yield rows.map(readChange)
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    behind = integerOf(last, 'id')
  }
}

async function writeFile(session: SqlSession, { uri, version, mediaType, body, issued }: StatusFileRow) {
  const written = await session.execute(
    `INSERT INTO vidimus_status_file (uri, version, media_type, body, issued) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (uri) DO UPDATE SET version = excluded.version, media_type = excluded.media_type,
        body = excluded.body, issued = excluded.issued
      WHERE vidimus_status_file.version < excluded.version`,
    [uri, version, mediaType, body, issued.getTime()],
  )
  if (written !== 1) throw new Error('a later version of the file is in this store already')
}

const readList = (row: SqlRow): StatusListRow => ({
  uri: textOf(row, 'uri'),
  registry: textOf(row, 'registry'),
  format: textOf(row, 'format'),
  bits: integerOf(row, 'bits') as StatusBits,
  size: integerOf(row, 'size'),
  cohort: textOf(row, 'cohort'),
  shard: integerOf(row, 'shard'),
  key: bytesOf(row, 'list_key'),
  capacity: integerOf(row, 'capacity'),
  created: dateOf(row, 'created'),
  expires: optional(row, 'expires', dateOf),
})

const readEntry = (row: SqlRow, uri: string): StatusEntryRow => ({
  uri,
  index: integerOf(row, 'place'),
  id: textOf(row, 'passport'),
  value: integerOf(row, 'value'),
})

const readPublication = (row: SqlRow): PublicationRow => ({
  version: integerOf(row, 'version'),
  issued: dateOf(row, 'issued'),
  expires: dateOf(row, 'expires'),
})

const readFile = (row: SqlRow): StatusFileRow => ({
  uri: textOf(row, 'uri'),
  version: integerOf(row, 'version'),
  mediaType: textOf(row, 'media_type'),
  body: bytesOf(row, 'body'),
  issued: dateOf(row, 'issued'),
})

const readChange = (row: SqlRow): StatusChange => ({
  index: integerOf(row, 'place'),
  before: integerOf(row, 'value_before'),
  after: integerOf(row, 'value_after'),
})
