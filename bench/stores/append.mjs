/**
 * What an append costs beyond the rows it writes: a hundred appends at once, durable, against bare inserts of the very same
 * rows into the same tables of another database of that kind, in one transaction, turn by turn in one process.
 */
import { randomBytes } from 'node:crypto'
import { median } from '../harness.mjs'
import { newPlace, openLog, openStore } from './world.mjs'

const batch = 100
/** Of bare inserts, in appends a second. */
const goal = 0.7

export async function append(kind, { rounds, gate }) {
  for (const about of ['nobody', 'a new subject each']) {
    const ratio = await ratioOf(kind, about, rounds)
    const says = `${kind}: appends about ${about}, ${batch} at once`
    console.log(
      `${ratio.best >= goal ? 'PASS' : 'FAIL'}  ${says}: ${ratio.best.toFixed(2)} of bare inserts ` +
        `(median of rounds ${ratio.median.toFixed(2)}), ${ratio.ours} against ${ratio.bare} a second`,
    )
    if (ratio.best < gate) throw new Error(`${says}: ${ratio.best.toFixed(2)} of bare inserts, below ${gate}`)
  }
}

async function ratioOf(kind, about, rounds) {
  const [ourPlace, barePlace] = [await newPlace(kind), await newPlace(kind)]
  const { store, close } = await openStore(kind, ourPlace.place)
  const log = await openLog(store)
  const bare = await bareWriter(kind, barePlace.place)
  const prefix = randomBytes(16).toString('base64url')
  const times = { ours: [], bare: [] }
  for (let round = -5; round < rounds; round++) {
    const acts = Array.from({ length: batch }, (_, n) => act(about === 'nobody' ? undefined : `citizen ${round} ${n}`))
    const started = performance.now()
    const appended = await Promise.all(acts.map(one => log.append(one)))
    const between = performance.now()
    const rows = appended.map(({ index, entry }) => [index, `${prefix}.${index}`, JSON.stringify(entry)])
    const subjects = about === 'nobody' ? [] : rows.map(() => [randomBytes(32), randomBytes(32)])
    const again = performance.now()
    await bare.write(rows, subjects)
    const ended = performance.now()
    if (round < 0) continue // warm-up
    times.ours.push(between - started)
    times.bare.push(ended - again)
  }
  await bare.close()
  await close()
  for (const { remove } of [ourPlace, barePlace]) await remove()
  const perSecond = list => Math.round((batch * 1000) / median(list))
  return {
    best: Math.min(...times.bare) / Math.min(...times.ours),
    median: median(times.bare) / median(times.ours),
    ours: perSecond(times.ours),
    bare: perSecond(times.bare),
  }
}

/** An entry of some 300 bytes. */
const act = subject => ({
  kind: 'issue',
  actor: 'system',
  reason: 'first_issue',
  passport: 'citizen-passport',
  format: 'dc+sd-jwt',
  ...(subject === undefined ? { credentialDigest: 'A'.repeat(43), purpose: 'account_opening' } : { subject }),
})

/** Writes rows with the driver alone, as fast as it goes: prepared in SQLite, one statement for all in PostgreSQL. */
async function bareWriter(kind, place) {
  return kind === 'postgres' ? barePostgres(place) : bareSqlite(place)
}

async function bareSqlite(place) {
  const { default: Database } = await import('libsql')
  const handle = new Database(place)
  for (const pragma of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on'])
    handle.exec(`pragma ${pragma}`)
  const entry = handle.prepare('INSERT INTO vidimus_log_entry (place, act, entry) VALUES (?, ?, ?)')
  const key = handle.prepare('INSERT INTO vidimus_log_subject (subject, subject_key) VALUES (?, ?)')
  const about = handle.prepare('INSERT INTO vidimus_log_about (subject, place) VALUES (?, ?)')
  return {
    async write(rows, subjects) {
      handle.exec('begin immediate')
      for (const row of rows) entry.run(row)
      for (const row of subjects) key.run(row)
      for (const [n, [subject]] of subjects.entries()) about.run([subject, rows[n][0]])
      handle.exec('commit')
    },
    close: async () => handle.close(),
  }
}

async function barePostgres(place) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: place })
  await client.connect()
  const insert = (into, rows) => {
    const width = rows[0].length
    const places = rows.map((row, n) => `(${row.map((_, at) => `$${n * width + at + 1}`)})`)
    return client.query({
      name: `${into} ${rows.length}`,
      text: `INSERT INTO ${into} VALUES ${places}`,
      values: rows.flat(),
    })
  }
  return {
    async write(rows, subjects) {
      await client.query('begin')
      await insert('vidimus_log_entry (place, act, entry)', rows)
      if (subjects.length > 0) {
        await insert('vidimus_log_subject (subject, subject_key)', subjects)
        await insert(
          'vidimus_log_about (subject, place)',
          subjects.map(([subject], n) => [subject, rows[n][0]]),
        )
      }
      await client.query('commit')
    },
    close: () => client.end(),
  }
}
