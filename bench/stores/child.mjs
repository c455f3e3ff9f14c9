/** One process of several over one store: does the task it was started with, and says what it did. */
import { openLog, openOffice, openRegistry, openStore } from './world.mjs'

const task = JSON.parse(process.argv[2])
const tasks = { allocate, append, update, write }

await tasks[task.name]().catch(endsWithItsServer)

/** `writers` allocate at once, `count` places together. */
async function allocate() {
  const { kind, place, writers, count, pool } = task
  const { store, close } = await openStore(kind, place, { pool })
  const registry = await openRegistry(store)
  let left = count
  const writer = async () => {
    while (left-- > 0) await registry.allocate()
  }
  await Promise.all(Array.from({ length: writers }, writer))
  await close()
}

/** Appends, some at once, until it is killed; an entry is told of once it is acknowledged, and not before. */
async function append() {
  const { kind, place, from } = task
  const { store } = await openStore(kind, place, { pool: 4 })
  const log = await openLog(store)
  process.send({ checkpoint: await log.checkpoint(), ready: true })
  for (let next = from; ; next += 20) {
    const acts = Array.from({ length: 20 }, (_, n) => ({
      kind: 'issue',
      actor: 'system',
      reason: `reason_${next + n}`,
      subject: `passport ${n}`,
    }))
    const appended = await Promise.all(acts.map(act => log.append(act)))
    process.send({ appended: appended.map(({ index, entry }) => [index, entry.reason]) })
  }
}

/** Sets every so many of the passports, all at once, and publishes now and then. */
async function update() {
  const { kind, place, from, every, count, pool } = task
  const { store, close } = await openStore(kind, place, { pool })
  const registry = await openRegistry(store)
  const numbers = Array.from({ length: Math.ceil((count - from) / every) }, (_, n) => from + n * every)
  await Promise.all(
    numbers.map(async (number, n) => {
      await registry.set(`passport ${number}`, n % 2 === 0 ? 'invalid' : 'suspended')
      if (n % 500 === 250) await registry.publish()
    }),
  )
  await close()
}

/**
 * Issues and changes until it is killed. Each act is one transaction over a place, a record in the log and a message; its
 * number is sent once it is acknowledged, and not before.
 */
async function write() {
  const { kind, place, from } = task
  const { store } = await openStore(kind, place, { pool: 4 })
  const { audit, registry } = await openOffice(store, { size: 2 ** 17 })
  process.send({ ready: true })
  let next = from
  const writer = async () => {
    for (;;) {
      const id = `passport ${next++}`
      const status = await store.transaction(async transaction => {
        const allocated = await registry.allocate({ id, transaction })
        await audit.record({ kind: 'issue', actor: 'system', reason: 'first_issue', subject: id }, transaction)
        await store.insertMessage(transaction, { id, topic: 'issued', body: id })
        return allocated
      })
      process.send({ issued: id, status })
      await registry.set(id, 'suspended', { reason: 'lost' })
      process.send({ suspended: id })
      if (next % 20 === 0) await registry.publish()
    }
  }
  await Promise.all([writer(), writer(), writer()])
}

/** When the server is what was killed, its writers have nobody to write to. */
function endsWithItsServer(error) {
  if (!['store_unreachable', 'store_commit_unknown', 'store_busy'].includes(error.code)) throw error
  process.exit(1)
}
