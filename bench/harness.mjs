/**
 * Measures functions against each other in one process.
 *
 * Absolute times on a shared machine mean little, so candidates run in short batches, in an order that rotates, and are
 * told as ratios to a reference that ran in the same round. Two ratios are given: the median of the rounds, which feels
 * the neighbours, and best over best, which does not.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {() => unknown} run One operation; a promise it returns is awaited.
 *
 * @typedef {object} Measurement
 * @property {readonly number[]} rounds Microseconds per operation, one number a round.
 * @property {number} heap Bytes allocated per operation.
 */

/** Microseconds per operation of every candidate, round by round. */
export async function measure(candidates, { rounds, batchMilliseconds }) {
  const batches = new Map()
  for (const candidate of candidates) batches.set(candidate, await makeBatch(candidate, batchMilliseconds))
  const times = new Map(candidates.map(candidate => [candidate, []]))
  for (let round = 0; round < rounds; round++)
    for (const candidate of rotated(candidates, round)) {
      const { operations, once } = batches.get(candidate)
      // Not timed: it brings back into the caches what the candidate before it drove out.
      await once(Math.ceil(operations / 2))
      times.get(candidate).push(((await once(operations)) * 1000) / operations)
    }
  const measured = new Map()
  for (const candidate of candidates)
    measured.set(candidate, { rounds: times.get(candidate), heap: await heapPerOperation(batches.get(candidate).once) })
  return measured
}

/** How many times slower than `count` references, by the median of the rounds and by the best of each. */
export function ratioTo(reference, count, { rounds }) {
  return {
    median: median(rounds.map((time, round) => time / (count * reference.rounds[round]))),
    best: Math.min(...rounds) / (count * Math.min(...reference.rounds)),
  }
}

export const median = numbers => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Long enough for the engine to compile what it is going to compile. */
const warmUpMilliseconds = 300

/** Warms a candidate up, and learns how many of its operations make a batch. */
async function makeBatch({ run }, milliseconds) {
  const once = run() instanceof Promise ? timeAwaited(run) : timeAtOnce(run)
  let operations = 1
  let spent = 0
  for (let time = 0; spent < warmUpMilliseconds; spent += time) {
    time = await once(operations)
    operations = Math.max(1, Math.min(operations * 2, Math.round((operations * milliseconds) / Math.max(time, 0.001))))
  }
  return { operations, once }
}

/** Each candidate gets a loop of its own, so that none is compiled for another's shapes. */
const timeAtOnce = run => operations => {
  const start = performance.now()
  for (let operation = 0; operation < operations; operation++) run()
  return performance.now() - start
}

const timeAwaited = run => async operations => {
  const start = performance.now()
  for (let operation = 0; operation < operations; operation++) await run()
  return performance.now() - start
}

/** Bytes that one operation allocates: the median of a few looks. */
async function heapPerOperation(once) {
  const looks = []
  for (let look = 0; look < 5; look++) {
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    await once(operationsPerLook)
    looks.push((process.memoryUsage().heapUsed - before) / operationsPerLook)
  }
  return Math.max(0, median(looks))
}

/** Few enough that no collection comes in between. */
const operationsPerLook = 10

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

const rotated = (list, by) => list.map((_, index) => list[(index + by) % list.length])
