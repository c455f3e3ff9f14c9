/**
 * `npm run bench`: builds the package if its sources are newer, measures, prints a table and holds it against `goals.json`.
 *
 * `--quick` takes a seventh of the time and is for a look only; `--check` fails when a goal is missed; `--gate` fails when a
 * ratio is beyond its gate, which is wide enough for a busy machine, or when a peer was faster, and takes a third of the time
 * with `--quick`, for it decides; `--only=<words>` measures the rows whose name holds the words.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { measure, median, ratioTo } from './harness.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const quick = process.argv.includes('--quick')
const gated = process.argv.includes('--gate')
/** What a peer's time may be of ours before it counts as ahead: short runs differ by as much. */
const allowance = 0.85
const only = process.argv.find(argument => argument.startsWith('--only='))?.slice('--only='.length)

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
    { rounds: quick ? Math.ceil(group.rounds / (gated ? 3 : 7)) : group.rounds, batchMilliseconds: 1 },
  ))
    measured.set(candidate, measurement)
const reference = Object.fromEntries(references.map(one => [one.name, measured.get(one)]))
const memory = process.platform === 'linux' && isChosen('status: memory') ? await statusMemory() : new Map()

printTable()
for (const [operation, ratio] of memory) console.log(`\n${operation}: ${ratio.toFixed(2)} times the raw bytes`)
const missed = printGoals(JSON.parse(readFileSync(`${root}/bench/goals.json`, 'utf8')))
if (missed > 0 && process.argv.includes('--check')) process.exitCode = 1
if (gated && printGate() > 0) process.exitCode = 1

function chosen({ references, rows, rounds }) {
  const some = rows.filter(({ operation }) => isChosen(operation))
  return { references: some.length === 0 ? [] : references, rows: some, rounds }
}

function isChosen(operation) {
  return only === undefined || operation.includes(only)
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
function printGoals(goals) {
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

/** What must not get worse: our ratios, and that no peer is ahead of us in the same run. */
function printGate() {
  const goals = JSON.parse(readFileSync(`${root}/bench/goals.json`, 'utf8'))
  const slips = []
  for (const { operation, reference: name, count, candidates } of rows) {
    const [ours, ...peers] = candidates
    const gate =
      goals.find(goal => goal.operation === operation && goal.gate !== undefined)?.gate ?? Number.POSITIVE_INFINITY
    const { best } = ratioTo(reference[name], count, measured.get(ours))
    if (best > gate) slips.push(`${operation}: ${best.toFixed(2)}, beyond ${gate}`)
    for (const peer of peers)
      if (ratioTo(measured.get(ours), 1, measured.get(peer)).best < allowance)
        slips.push(`${operation}: ${peer.name} was faster`)
  }
  for (const { operation, gate, says } of goals)
    if (memory.get(operation) > gate) slips.push(`${says}: ${memory.get(operation).toFixed(2)}, beyond ${gate}`)
  for (const slip of slips) console.log(`SLIP  ${slip}`)
  return slips.length
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
