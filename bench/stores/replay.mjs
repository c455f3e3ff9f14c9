/** One request sent a thousand times at once under one idempotency key: it is done once. */
import { answerOnce } from 'vidimus/office'
import { newPlace, openOffice, openStore, require, seconds } from './world.mjs'

export async function replay(kind, { count }) {
  const { place, remove } = await newPlace(kind)
  const { store, close } = await openStore(kind, place, { pool: 32 })
  const { audit, registry } = await openOffice(store)
  let ran = 0
  const issue = () =>
    answerOnce(store, { key: 'request 1', request: '{"issue":"passport 1"}' }, async transaction => {
      ran++
      const { uri, index } = await registry.allocate({ id: 'passport 1', transaction })
      await audit.record({ kind: 'issue', actor: 'system', reason: 'first_issue', subject: 'passport 1' }, transaction)
      return JSON.stringify({ uri, index })
    })
  const started = performance.now()
  const answers = await Promise.all(Array.from({ length: count }, issue))
  const took = seconds(started)
  await audit.sequence()
  const { entries } = await audit.history('passport 1')
  const places = await store.transaction(open => store.findStatusEntries(open, 'https://status.example', 'passport 1'))
  await close()
  await remove()
  const done = answers.filter(({ replayed }) => !replayed).length
  require(done === 1 && entries.length === 1 && places.length === 1, `done ${done} times`)
  require(new Set(answers.map(({ answer }) => answer)).size === 1, 'the answers differ')
  console.log(
    `${kind}: ${count} replays of one key at once: issued ${places.length} time(s), logged ${entries.length}, ` +
      `answered alike ${answers.length} times, ${took} s`,
  )
  return ran
}
