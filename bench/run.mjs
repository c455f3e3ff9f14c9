/**
 * `npm run bench`: builds the package if its sources are newer, measures, prints a table and holds it against `goals.json`.
 *
 * `--quick` takes a seventh of the time and is for a look only; `--check` fails when a goal is missed; `--gate` fails when a
 * ratio is beyond its gate, which is wide enough for a busy machine, or when a peer was faster, and it does so in two more
 * processes, which measure nothing but such rows and take the whole time; `--only=<words>` measures the rows whose name holds
 * the words, `--row=<name>` the row of that name, which is then measured once; it may be said more than once.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { measure, median, ratioTo } from './harness.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const goals = JSON.parse(readFileSync(`${root}/bench/goals.json`, 'utf8'))
const quick = process.argv.includes('--quick')
const gated = process.argv.includes('--gate')
/** What a peer's time may be of ours before it counts as ahead: short runs differ by as much. */
const allowance = 0.85
const [only] = valuesOf('--only=')
const named = valuesOf('--row=')

buildIfNeeded()
const { makeRows } = await import('./rows.mjs')
const { logRows } = await import('./log-rows.mjs')
const { statusMemory, statusRows } = await import('./status-rows.mjs')
/** Rows that are measured beside each other; those of a slow peer in fewer rounds. */
const groups = [{ rounds: 700, ...(await makeRows()) }, await statusRows(), logRows()].map(chosen)
const references = groups.flatMap(group => group.references)
const rows = groups.flatMap(group => group.rows)

const measured = new Map()
for (const group of groups)
  for (const [candidate, measurement] of await measure(
    [...group.references, ...group.rows.flatMap(row => row.candidates)],
    { rounds: quick ? Math.ceil(group.rounds / 7) : group.rounds, batchMilliseconds: 1 },
  ))
    measured.set(candidate, measurement)
const reference = Object.fromEntries(references.map(one => [one.name, measured.get(one)]))
const asksForMemory = goals.some(({ operation }) => operation.startsWith('status: memory') && isChosen(operation))
const memory = process.platform === 'linux' && asksForMemory ? await statusMemory() : new Map()

printTable()
for (const [operation, ratio] of memory) console.log(`\n${operation}: ${ratio.toFixed(2)} times the raw bytes`)
const missed = printGoals()
if (missed > 0 && process.argv.includes('--check')) process.exitCode = 1
if (gated && !holdsGate()) process.exitCode = 1

function chosen({ references, rows, rounds }) {
  const some = rows.filter(({ operation }) => isChosen(operation))
  return { references: some.length === 0 ? [] : references, rows: some, rounds }
}

function isChosen(operation) {
  return named.length > 0 ? named.includes(operation) : only === undefined || operation.includes(only)
}

/** What is said after a prefix, each time it stands among the arguments. */
function valuesOf(prefix) {
  return process.argv.filter(argument => argument.startsWith(prefix)).map(argument => argument.slice(prefix.length))
}

function printTable() {
  console.log(`Node ${process.version}, ${process.arch}; ratios are to raw operations that ran beside them\n`)
  print('operation', 'by', 'ops/s', 'reference', 'median', 'best', 'heap/op', 'ours is')
  print('---', '---', '---', '---', '---', '---', '---', '---')
  for (const one of references)
    print(one.operation, 'node:crypto', perSecond(measured.get(one)), one.name, '', '', '', '')
  for (const { operation, reference: name, count, candidates } of rows) {
    const ours = measured.get(candidates[0])
    for (const [index, candidate] of candidates.entries()) {
      const measurement = measured.get(candidate)
      const { median, best } = ratioTo(reference[name], count, measurement)
      print(
        operation,
        candidate.name,
        perSecond(measurement),
        count === 1 ? name : `${count}${name}`,
        median.toFixed(2),
        best.toFixed(2),
        `${(measurement.heap / 1024).toFixed(0)} KB`,
        index === 0 ? '' : `${ratioTo(ours, 1, measurement).median.toFixed(1)}x faster`,
      )
    }
  }
}

function print(operation, by, ...cells) {
  const widths = [8, 9, 7, 7, 8, 12]
  const row = cells.map((cell, index) => cell.padStart(widths[index]))
  console.log(`| ${operation.padEnd(20)} | ${by.padEnd(15)} | ${row.join(' | ')} |`)
}

function perSecond({ rounds }) {
  return Math.round(1_000_000 / median(rounds))
    .toLocaleString('en')
    .replace(',', ' ')
}

/** Goals count best over best: the medians feel whatever else the machine does. */
function printGoals() {
  console.log()
  let missed = 0
  for (const { operation, ratio, times, microseconds, says } of goals) {
    const told = memory.get(operation)
    if (told !== undefined) {
      if (told > ratio) missed++
      console.log(`${told <= ratio ? 'PASS' : 'FAIL'}  ${says}: ${told.toFixed(2)}`)
    }
    const row = rows.find(row => row.operation === operation)
    if (row === undefined) continue
    if (microseconds !== undefined) {
      const best = Math.min(...measured.get(row.candidates[0]).rounds)
      if (best > microseconds) missed++
      console.log(`${best <= microseconds ? 'PASS' : 'FAIL'}  ${says}: ${best.toFixed(2)}`)
      continue
    }
    if (times !== undefined) {
      const [ours, peer] = row.candidates.map(candidate => measured.get(candidate))
      const { best, median } = ratioTo(ours, 1, peer)
      if (best < times) missed++
      console.log(`${best >= times ? 'PASS' : 'FAIL'}  ${says}: ${best.toFixed(0)} (median ${median.toFixed(0)})`)
      continue
    }
    const { best, median } = ratioTo(reference[row.reference], row.count, measured.get(row.candidates[0]))
    if (best > ratio) missed++
    console.log(`${best <= ratio ? 'PASS' : 'FAIL'}  ${says}: ${best.toFixed(2)} (median ${median.toFixed(2)})`)
  }
  return missed
}

/**
 * What must not get worse: our ratios, and that no peer is ahead of us in the same run. How an engine happens to compile a row
 * stays for as long as the process lives, and makes a fifth: whatever slips is measured again in processes that start anew, up to
 * the first in which nothing slips.
 */
function holdsGate() {
  const slips = [...rows.flatMap(slipsOf), ...memorySlips()]
  for (const { says } of slips) console.log(`SLIP  ${says}`)
  if (slips.length === 0 || named.length > 0) return slips.length === 0
  const again = [...new Set(slips.map(({ operation }) => `--row=${operation}`))]
  return ['again', 'and again'].some(time => {
    console.log(`\n${time}, in a process of its own\n`)
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--gate', ...again], {
      stdio: 'inherit',
    })
    return status === 0
  })
}

function slipsOf({ operation, reference: name, count, candidates: [ours, ...peers] }) {
  const { gate = Number.POSITIVE_INFINITY } = goals.find(goal => goal.operation === operation && goal.gate) ?? {}
  const { best } = ratioTo(reference[name], count, measured.get(ours))
  const beyond = best > gate ? [{ operation, says: `${operation}: ${best.toFixed(2)}, beyond ${gate}` }] : []
  const ahead = peers
    .filter(peer => ratioTo(measured.get(ours), 1, measured.get(peer)).best < allowance)
    .map(peer => ({ operation, says: `${operation}: ${peer.name} was faster` }))
  return [...beyond, ...ahead]
}

function memorySlips() {
  return goals
    .filter(({ operation, gate }) => memory.get(operation) > gate)
    .map(({ operation, gate, says }) => ({
      operation,
      says: `${says}: ${memory.get(operation).toFixed(2)}, beyond ${gate}`,
    }))
}

function buildIfNeeded() {
  const built = statSync(`${root}/dist/verification.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = readdirSync(`${root}/src`, { recursive: true })
  if (sources.every(path => statSync(`${root}/src/${path}`).mtimeMs <= built)) return
  const { status } = spawnSync('npm', ['run', 'build', '--silent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) process.exit(1)
}
