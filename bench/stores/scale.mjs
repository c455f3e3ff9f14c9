/**
 * A nation's credentials, measured: `scripts/with-postgres.sh npm run scale`. Every list is made, compressed and signed at
 * its full size; the tables hold `--rows` entries (15 million by default) and are told for all of them by the row.
 */
import { performance } from 'node:perf_hooks'
import { deflateSync } from 'node:zlib'
import pg from 'pg'
import { generateSigner } from 'vidimus/credential'
import { createStatusListToken } from 'vidimus/status'
import { postgresStore } from 'vidimus/store/postgres'
import { baseUri, newPlace, openRegistry, openStore, require } from './world.mjs'

const option = (name, otherwise) =>
  Number(process.argv.find(argument => argument.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)

const credentials = option('credentials', 150_000_000)
const rows = option('rows', 15_000_000)
const size = 2 ** 20
const decoys = size / 16
const capacity = size - decoys
const lists = Math.ceil(credentials / capacity)
const year = 365 * 86_400_000
const signer = await generateSigner('ES256')

console.log(`Node ${process.version}, ${process.arch}`)
console.log(
  `${number(credentials)} credentials, one format: ${lists} lists of ${number(size)} places, ${number(decoys)} of them decoys\n`,
)

for (const density of [0.01, 0.05]) await published(density)
if (process.env['DATABASE_URL'] === undefined)
  console.log('left out: tables and publishing (no DATABASE_URL; run it with scripts/with-postgres.sh)')
else {
  for (const density of [0.01, 0.05]) await publishing(density)
  await tables()
}

/** Every list of the nation with so many revoked, as it is published and as a verifier takes it. */
async function published(density) {
  let bytes = 0
  let deflating = 0
  let making = 0
  for (let n = 0; n < lists; n++) {
    const packed = randomList(density)
    const started = cpu()
    const compressed = deflateSync(packed, { level: 9 })
    const between = cpu()
    const token = await createStatusListToken({ ...dates(), uri: `${baseUri}/${n}`, bits: 2, compressed, signer })
    deflating += between - started
    making += cpu() - started
    bytes += token.length
  }
  console.log(`${density * 100} % revoked:`)
  console.log(`  one publication of all lists   ${megabytes(bytes)}, ${kilobytes(bytes / lists)} a list`)
  console.log(
    `  compressed and signed anew in  ${(making / 1000).toFixed(1)} s of one core, of which deflate ${(deflating / 1000).toFixed(1)} s`,
  )
  for (const [times, says] of [
    [24, 'hourly'],
    [96, 'every 15 minutes'],
    [288, 'every 5 minutes'],
  ])
    console.log(`  published ${says.padEnd(20)} ${gigabytes(bytes * times)} a day`)
  downloads(bytes)
}

/** What a verifier downloads that asks each list it meets again once its ttl of 300 s is over. */
function downloads(bytes) {
  console.log(`  a verifier that meets all lists all day long downloads ${gigabytes(bytes * 288)} a day,`)
  console.log(
    `  one that meets one list an hour ${megabytes((bytes / lists) * 24)}, one that carries a snapshot of all ${megabytes(bytes)}\n`,
  )
}

/** A day's changes on lists that are published already, through the registry and a durable store. */
async function publishing(density) {
  const { place } = await newPlace('postgres')
  const { store, close } = await openStore('postgres', place)
  const registry = await openRegistry(store)
  await begin(store, density)
  const client = new pg.Client({ connectionString: place })
  await client.connect()
  const perDay = Math.round((credentials * density) / 365)
  await client.query(
    `INSERT INTO vidimus_status_change (list, place, value_before, value_after)
      SELECT 1 + floor(random() * ${lists})::int, floor(random() * ${size})::int, 0, 1 FROM generate_series(1, ${perDay})`,
  )
  const changed = await timed(() => registry.publish())
  const unchanged = await timed(() => registry.publish())
  const log = await client.query(
    `SELECT pg_total_relation_size('vidimus_status_published') + pg_total_relation_size('vidimus_status_file') AS bytes`,
  )
  await client.end()
  await close()
  console.log(`publishing ${lists} lists, ${density * 100} % revoked a year, through PostgreSQL:`)
  console.log(`  with a day's ${number(perDay)} changes  ${changed}`)
  console.log(`  with none                 ${unchanged}`)
  console.log(`  lists and files in tables ${megabytes(Number(log.rows[0].bytes))}\n`)
}

async function begin(store, density) {
  for (let n = 0; n < lists; n++)
    await store.transaction(async open => {
      const uri = `${baseUri}/${n}`
      const kind = { registry: baseUri, format: 'dc+sd-jwt', bits: 2, size, cohort: `${n}`, shard: 0 }
      await store.insertStatusList(open, {
        ...kind,
        uri,
        key: crypto.getRandomValues(new Uint8Array(32)),
        capacity,
        created: new Date(Date.now() - year),
        expires: new Date(Date.now() + 9 * year),
      })
      const compressed = new Uint8Array(deflateSync(randomList(density), { level: 9 }))
      const { issuedAt: issued, expires } = dates()
      await store.insertPublication(open, uri, { version: 1, issued, expires, compressed }, [])
    })
}

/** Rows and indexes by the row, with identifiers as they are in use: UUIDs. */
async function tables() {
  const { place } = await newPlace('postgres')
  const client = new pg.Client({ connectionString: place })
  await client.connect()
  const started = performance.now()
  const step = 1_000_000
  for (let from = 0; from < rows; from += step)
    await client.query(
      `INSERT INTO vidimus_status_entry (list, place, value, passport)
        SELECT 1 + n / ${capacity}, n % ${capacity}, 0, gen_random_uuid()::text
        FROM generate_series(${from}::bigint, ${Math.min(from + step, rows) - 1}::bigint) AS n`,
    )
  const took = ((performance.now() - started) / 1000).toFixed(0)
  const { rows: relations } = await client.query(
    `SELECT pg_relation_size('vidimus_status_entry') AS heap, pg_relation_size('vidimus_status_entry_pkey') AS key,
      pg_relation_size('vidimus_status_entry_passport') AS passport`,
  )
  const { heap, key, passport } = Object.fromEntries(
    Object.entries(relations[0]).map(([name, value]) => [name, Number(value)]),
  )
  const found = await lookups(place, client)
  await client.end()
  console.log(`entries in PostgreSQL, ${number(rows)} of them inserted in ${took} s:`)
  for (const [says, bytes] of [
    ['rows', heap],
    ['index by list and place', key],
    ['index by passport', passport],
    ['together', heap + key + passport],
  ])
    console.log(
      `  ${says.padEnd(24)} ${(bytes / rows).toFixed(1).padStart(6)} bytes each, ${gigabytes((bytes / rows) * credentials)} for ${number(credentials)}`,
    )
  console.log(`  a passport is found among them in ${found} ms\n`)
}

async function lookups(place, client) {
  const clients = new pg.Pool({ connectionString: place })
  const store = postgresStore(clients)
  const { rows: some } = await client.query(
    'SELECT passport FROM vidimus_status_entry TABLESAMPLE BERNOULLI (0.1) LIMIT 500',
  )
  require(some.length > 0, 'passports were sampled')
  const started = performance.now()
  for (const { passport } of some) await store.transaction(open => store.findStatusEntries(open, baseUri, passport))
  const each = (performance.now() - started) / some.length
  await clients.end()
  return each.toFixed(2)
}

function randomList(density) {
  const packed = new Uint8Array(size / 4)
  const revoked = Math.round(capacity * density) + decoys / 4
  for (let n = 0; n < revoked; n++) {
    const index = Math.floor(Math.random() * size)
    packed[index >> 2] |= 1 << ((index & 3) * 2)
  }
  return packed
}

function dates() {
  const issuedAt = new Date(Math.floor(Date.now() / 1000) * 1000)
  return { issuedAt, expires: new Date(issuedAt.getTime() + 86_400_000), ttl: 300 }
}

/** Seconds by the clock, and seconds of this process's own work: the first feels the neighbours, the second does not. */
async function timed(work) {
  const [clock, own] = [performance.now(), cpu()]
  await work()
  return `${((performance.now() - clock) / 1000).toFixed(1)} s, ${((cpu() - own) / 1000).toFixed(1)} s of one core`
}

/** Milliseconds that this process has worked. */
function cpu() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function number(value) {
  return value.toLocaleString('en').replaceAll(',', ' ')
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(2)} GB`
}
