/**
 * `npm run cold`: what a program waits for when it imports an entry of the built package, over an empty module. Each import
 * has a process of its own, in rotating order; the median of many, in milliseconds. Processor time is what other programs on
 * the machine change least, so the gate is on it.
 */
import { execFileSync } from 'node:child_process'

const rounds = 25

/** Milliseconds of processor time: what CI refuses, with room for slow machines. The goals are 13, 13 and 85 of waiting. */
const gates = { empty: Infinity, verification: 25, status: 20, browser: 25, index: 130 }

const importing = specifier => `
  const before = process.cpuUsage(), start = performance.now()
  await import(${JSON.stringify(specifier)})
  const { user, system } = process.cpuUsage(before)
  console.log(JSON.stringify([performance.now() - start, (user + system) / 1000]))`

const urlOf = name => (name === 'empty' ? 'data:text/javascript,' : new URL(`../dist/${name}.js`, import.meta.url).href)

const samples = new Map(Object.keys(gates).map(name => [name, []]))
for (let round = 0; round < rounds; round++)
  for (const [name, taken] of samples) {
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', importing(urlOf(name))], {
      encoding: 'utf8',
    })
    taken.push(JSON.parse(said))
  }

const median = (name, which) => {
  const values = samples
    .get(name)
    .map(sample => sample[which])
    .sort((a, b) => a - b)
  return values[Math.floor(values.length / 2)]
}

for (const [name, gate] of Object.entries(gates)) {
  const [waited, worked] = [0, 1].map(which => median(name, which) - median('empty', which))
  const within = worked <= gate
  console.log(
    `${name.padEnd(14)} +${waited.toFixed(1)} ms, +${worked.toFixed(1)} ms of processor time ${within ? '' : `: beyond ${gate}`}`,
  )
  if (!within) process.exitCode = 1
}
