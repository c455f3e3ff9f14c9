/**
 * Processes that only append are killed (SIGKILL) at random moments, with PostgreSQL every other time the server's as well:
 * every acknowledged entry is in the log, at its place, under the checkpoints that were seen, or the log does not open.
 */
import { checkLog } from 'vidimus/audit'
import { begin, killServer, serverIsBack } from './crash.mjs'
import { newPlace, openLog, openStore, require, seconds } from './world.mjs'

/** Deaths that one database sees before a fresh one takes its place: opening a log reads all of it. */
const deathsPerPlace = 50
/** Milliseconds of writing before the kill, at most. */
const longestLife = 60

export async function crashLog(kind, { deaths }) {
  const started = performance.now()
  const told = { acknowledged: 0, more: 0, servers: 0 }
  for (let done = 0; done < deaths; done += deathsPerPlace) {
    const { place, remove } = await newPlace(kind)
    await oneDatabase(kind, place, Math.min(deathsPerPlace, deaths - done), told)
    await remove()
    console.error(`${kind}: ${Math.min(deaths, done + deathsPerPlace)} of ${deaths} deaths`)
  }
  console.log(
    `${kind}: killed ${deaths} times at random moments${kind === 'postgres' ? ` (${told.servers} of them the server)` : ''}: ` +
      `${told.acknowledged} entries acknowledged, 0 lost; ${told.more} more were whole, 0 torn, ${seconds(started)} s`,
  )
}

async function oneDatabase(kind, place, deaths, told) {
  const acknowledged = new Map()
  let kept
  let from = 0
  const task = () => ({ name: 'append', kind, place, from: (from += 1_000_000) })
  const hear = message => {
    if (message.checkpoint !== undefined) kept = message.checkpoint
    for (const [index, reason] of message.appended ?? []) acknowledged.set(index, reason)
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
  const { store, close } = await openStore(kind, place)
  const log = await openLog(store)
  const entries = []
  for await (const entry of log.entries()) entries.push(entry)
  const checkpoint = await log.checkpoint()
  const verdict = await checkLog({ checkpoint, entries }, { kept: kept ?? checkpoint, logKey: log.verifierKey })
  await close()
  require(verdict.ok, `the log is not what was seen of it: ${verdict.tampering}`)
  for (const [index, reason] of acknowledged)
    require(entries[index]?.reason === reason, `entry ${index} was acknowledged and is lost`)
  require(new Set(entries.map(({ reason }) => reason)).size === entries.length, 'an act is in the log twice')
  told.acknowledged += acknowledged.size
  told.more += entries.length - acknowledged.size
}
