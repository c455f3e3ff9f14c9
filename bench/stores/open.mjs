/**
 * What it costs to open a log of a million entries: every entry is read, hashed and held against the stored checkpoint. The
 * entries are written by the log itself, a thousand to a batch; opening is measured in a process of its own.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { newPlace, openLog, openStore, require, seconds } from './world.mjs'

/** Appends that are under way at once. */
const atOnce = 1000

export async function open(kind, { entries }) {
  const { place, remove } = await newPlace(kind)
  const started = performance.now()
  const { store, close } = await openStore(kind, place)
  const log = await openLog(store)
  for (let from = 0; from < entries; from += atOnce)
    await Promise.all(Array.from({ length: Math.min(atOnce, entries - from) }, (_, n) => log.append(act(from + n))))
  await close()
  const wrote = seconds(started)
  const { took, own, megabytes, steps, size } = await opened(kind, place)
  require(size === entries, `opened at ${size} of ${entries}`)
  await remove()
  const each = ((took * 1e6) / entries).toFixed(1)
  console.log(
    `${kind}: a log of ${entries} entries opens in ${took.toFixed(1)} s (${each} µs each, ${own.toFixed(1)} s of one core, ` +
      `told in ${steps} steps), the process at ${megabytes} MB at most; written in ${wrote} s`,
  )
}

const act = n => ({
  kind: 'issue',
  actor: 'system',
  reason: 'first_issue',
  passport: 'citizen-passport',
  credentialDigest: Buffer.alloc(32, n).toString('base64url'),
  subject: `citizen ${n % 1000}`,
})

/** Opens the log where nothing has been done before. */
function opened(kind, place) {
  const child = fork(fileURLToPath(import.meta.url), [kind, place])
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', code => reject(new Error(`the process that opens ended with ${code}`)))
  })
}

async function main(kind, place) {
  const { store } = await openStore(kind, place)
  let [steps, size] = [0, 0]
  const { user, system } = process.cpuUsage()
  const before = (user + system) / 1e6
  const started = performance.now()
  await openLog(store, {
    onProgress({ done }) {
      steps++
      size = done
    },
  })
  const took = (performance.now() - started) / 1000
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const own = (userCPUTime + systemCPUTime) / 1e6 - before
  process.send({ took, own, steps, size, megabytes: Math.round(maxRSS / 1024) }, () => process.exit(0))
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url))
  await main(...process.argv.slice(2))
