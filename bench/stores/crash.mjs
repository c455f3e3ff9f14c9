/**
 * Processes that write are killed (SIGKILL) at random moments, and with PostgreSQL every other time the server's processes
 * are: what was acknowledged is there, what was not is there as a whole or not at all, and the log opens.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rawConnection } from './allocate.mjs'
import { newPlace, openOffice, openStore, require, seconds, startChild } from './world.mjs'

/** Deaths that one database sees before a fresh one takes its place: opening a log reads all of it. */
const deathsPerPlace = 50
/** Milliseconds of writing before the kill, at most. */
const longestLife = 120

export async function crash(kind, { deaths }) {
  const started = performance.now()
  const told = { issued: 0, suspended: 0, unacknowledged: 0, servers: 0 }
  for (let done = 0; done < deaths; done += deathsPerPlace) {
    const { place, remove } = await newPlace(kind)
    await oneDatabase(kind, place, Math.min(deathsPerPlace, deaths - done), told)
    await remove()
    console.error(`${kind}: ${Math.min(deaths, done + deathsPerPlace)} of ${deaths} deaths`)
  }
  console.log(
    `${kind}: killed ${deaths} times at random moments${kind === 'postgres' ? ` (${told.servers} of them the server)` : ''}: ` +
      `${told.issued} issues and ${told.suspended} suspensions acknowledged, 0 lost; ` +
      `${told.unacknowledged} more were complete, 0 torn, ${seconds(started)} s`,
  )
}

async function oneDatabase(kind, place, deaths, told) {
  const issued = new Map()
  const suspended = new Set()
  let from = 0
  const task = () => ({ name: 'write', kind, place, from: (from += 100_000) })
  const hear = message => {
    if (message.issued !== undefined) issued.set(message.issued, message.status)
    if (message.suspended !== undefined) suspended.add(message.suspended)
  }
  for (let death = 0; death < deaths; death++) {
    const { child, ended } = await begin(task, hear)
    await new Promise(resolve => setTimeout(resolve, Math.random() * longestLife))
    const atServer = kind === 'postgres' && death % 2 === 1
    if (atServer) killServer(told)
    child.kill('SIGKILL')
    await ended
    if (atServer) await serverIsBack(place)
  }
  await requireAll(kind, place, issued, suspended, told)
}

/**
 * A process that has begun to write; `task` gives each that is tried its own. A server that is still throwing away its old
 * processes may take the first one along.
 */
export async function begin(task, hear) {
  for (let tries = 0; tries < 20; tries++) {
    let begun
    const ready = new Promise(resolve => {
      begun = resolve
    })
    const { child, ended } = startChild(task(), message => {
      if (message.ready) begun(true)
      hear(message)
    })
    if (await Promise.race([ready, ended.then(() => false)])) return { child, ended }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('no process could begin to write')
}

/** Kills one of the server's own processes, so that it throws everything away that is not on the disk and recovers. */
export function killServer(told) {
  const data = process.env['VIDIMUS_PG_DATA']
  require(data !== undefined, 'VIDIMUS_PG_DATA must name the data folder; run it with scripts/with-postgres.sh')
  const postmaster = readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n')[0]
  const processes = execFileSync('pgrep', ['-P', postmaster]).toString().trim().split('\n')
  process.kill(Number(processes[Math.floor(Math.random() * processes.length)]), 'SIGKILL')
  told.servers++
}

/** Waits until the server has answered for a while: right after a kill its old processes may still do so. */
export async function serverIsBack(place) {
  for (let tries = 0, answers = 0; tries < 600; tries++) {
    try {
      const { query, close } = await rawConnection('postgres', place)
      await query('SELECT 1')
      await close()
      if (++answers === 3) return
    } catch {
      answers = 0
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('the server did not come back')
}

async function requireAll(kind, place, issued, suspended, told) {
  const { store, close } = await openStore(kind, place)
  // Reads the whole log and holds it against its checkpoint; throws `log_corrupt` when they do not agree.
  const { audit, registry } = await openOffice(store, { size: 2 ** 17 })
  for (const [id, { uri, index }] of issued) {
    const entry = await store.transaction(open => store.findStatusEntry(open, uri, index))
    require(entry?.id === id, `${id} was acknowledged and is lost`)
    require(!suspended.has(id) || (await registry.get(id)) === 'suspended', `the suspension of ${id} is lost`)
  }
  const { query, close: leave } = await rawConnection(kind, place)
  const entries = await query('SELECT passport, value FROM vidimus_status_entry')
  const messages = new Set((await query('SELECT message FROM vidimus_outbox')).map(row => row.message))
  const acts = Number((await query('SELECT count(*) AS n FROM vidimus_log_entry'))[0].n)
  const pending = Number((await query('SELECT count(*) AS n FROM vidimus_log_act'))[0].n)
  const changes = Number((await query('SELECT count(*) AS n FROM vidimus_status_change'))[0].n)
  const changed = entries.filter(({ value }) => Number(value) !== 0).length
  await leave()
  require(entries.length === messages.size, `${entries.length} places, but ${messages.size} messages`)
  require(entries.every(({ passport }) => messages.has(passport)), 'a place without its message')
  require(acts + pending ===
    entries.length + changed, `${acts + pending} acts for ${entries.length} issues and ${changed} changes`)
  require(changes <= changed, 'a change without its entry')
  for (const { passport, value } of entries.slice(0, 50)) {
    const { entries: known } = await audit.history(passport)
    require(known.length === (Number(value) === 0 ? 1 : 2), `the history of ${passport} is torn`)
  }
  told.issued += issued.size
  told.suspended += suspended.size
  told.unacknowledged += entries.length - issued.size
  await close()
}
