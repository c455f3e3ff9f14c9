/** Many processes allocate in one registry: no place is given twice. */
import { newPlace, require, seconds, startChild } from './world.mjs'

export async function allocate(kind, { processes, writers, count }) {
  const { place, remove } = await newPlace(kind)
  const share = Math.ceil(count / processes)
  const started = performance.now()
  const children = Array.from({ length: processes }, () =>
    startChild({ name: 'allocate', kind, place, writers, count: share, pool: 16 }),
  )
  for (const { ended } of children) require((await ended).code === 0, 'a process that allocates failed')
  const took = seconds(started)
  const { given, distinct, lists } = await countPlaces(kind, place)
  await remove()
  require(given === share * processes, `${share * processes} places were acknowledged, ${given} are in the store`)
  require(distinct === given, `${given - distinct} places were given twice`)
  console.log(
    `${kind}: ${processes} processes × ${writers} writers allocated ${given} places in ${lists} list(s), ` +
      `${given - distinct} duplicates, ${took} s, ${Math.round(given / Number(took))} a second`,
  )
}

/** Counted by the table itself, in a connection of its own. */
async function countPlaces(kind, place) {
  const sql = `SELECT count(*) AS given, count(DISTINCT list) AS lists FROM vidimus_status_entry`
  const pairs = `SELECT count(*) AS pairs FROM (SELECT DISTINCT list, place FROM vidimus_status_entry) AS p`
  const { query, close } = await rawConnection(kind, place)
  const [{ given, lists }] = await query(sql)
  const [{ pairs: distinct }] = await query(pairs)
  await close()
  return { given: Number(given), distinct: Number(distinct), lists: Number(lists) }
}

export async function rawConnection(kind, place) {
  if (kind === 'postgres') {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: place })
    // A server that goes away is told by the query that misses it.
    client.on('error', () => {})
    await client.connect()
    return { query: async sql => (await client.query(sql)).rows, close: () => client.end() }
  }
  const { default: Database } = await import('libsql')
  const handle = new Database(place)
  return { query: async sql => handle.prepare(sql).all([]), close: async () => handle.close() }
}
