/**
 * What stores promise, shown with processes that compete and die: `scripts/with-postgres.sh npm run stores`. Names of programs
 * (`allocate`, `update`, `replay`, `append`, `open`, `crash`, `crash-log`) pick some of them, `--quick` is the smaller form that CI runs.
 */
import { allocate } from './allocate.mjs'
import { append } from './append.mjs'
import { crash } from './crash.mjs'
import { crashLog } from './crash-log.mjs'
import { open } from './open.mjs'
import { replay } from './replay.mjs'
import { update } from './update.mjs'
import { kindsAtHand } from './world.mjs'

const quick = process.argv.includes('--quick')
const named = process.argv.slice(2).filter(argument => !argument.startsWith('--'))

const programs = {
  allocate: kind =>
    allocate(kind, quick ? { processes: 4, writers: 16, count: 4_000 } : { processes: 8, writers: 64, count: 100_000 }),
  update: kind => update(kind, quick ? { processes: 2, count: 1_000 } : { processes: 8, count: 10_000 }),
  replay: kind => replay(kind, { count: quick ? 200 : 1_000 }),
  append: kind => append(kind, quick ? { rounds: 60, gate: 0.15 } : { rounds: 400, gate: 0.15 }),
  open: kind => open(kind, { entries: quick ? 20_000 : 1_000_000 }),
  crash: kind => crash(kind, { deaths: quick ? 12 : 1_000 }),
  'crash-log': kind => crashLog(kind, { deaths: quick ? 12 : 1_000 }),
}

for (const name of named.length > 0 ? named : Object.keys(programs)) {
  if (programs[name] === undefined) throw new Error(`no such program: ${name}`)
  console.log(`— ${name}`)
  for (const kind of kindsAtHand()) await programs[name](kind)
}
