import { describe, expect, it } from 'vitest'
import { deliverOutbox, enqueue } from '../../src/office/outbox.js'
import type { OfficeStore, OutboxMessage } from '../../src/office/store.js'
import { memoryStore, officeClock, withMethod } from './world.js'

const now = officeClock()

/** A store with so many messages, whose bodies are their numbers. */
async function storeWith(count: number): Promise<OfficeStore> {
  const store = memoryStore()
  await store.transaction(async transaction => {
    for (let number = 0; number < count; number++)
      await enqueue(store, transaction, { topic: 'status_changed', body: `${number}` })
  })
  return store
}

/** A receiver that notes what it got, and refuses what it is told to. */
function receiver(refuses: (body: string) => boolean = () => false) {
  const got: string[] = []
  return {
    got,
    deliver: async ({ body }: OutboxMessage) => {
      if (refuses(body)) throw new Error(`no ${body}`)
      got.push(body)
    },
  }
}

describe('the outbox', () => {
  it('delivers the oldest first, each once, and is empty then', async () => {
    const store = await storeWith(12)
    const { got, deliver } = receiver()
    expect(await deliverOutbox(store, deliver, { limit: 5 })).toEqual({ delivered: 5, failed: [] })
    expect(await deliverOutbox(store, deliver)).toEqual({ delivered: 7, failed: [] })
    expect(await deliverOutbox(store, deliver)).toEqual({ delivered: 0, failed: [] })
    expect(got).toEqual(Array.from({ length: 12 }, (_, number) => `${number}`))
  })

  it('hands over the id that writing the message gave', async () => {
    const store = memoryStore()
    const message = { topic: 'passport_issued', body: '{"id":"Ё"}' }
    const id = await store.transaction(transaction => enqueue(store, transaction, message))
    expect(id).toMatch(/^[\w-]{22}$/)
    const messages: OutboxMessage[] = []
    await deliverOutbox(store, async message => messages.push(message))
    expect(messages).toEqual([{ id, ...message }])
  })

  it('holds nothing of a transaction that failed', async () => {
    const store = memoryStore()
    const fails = store.transaction(async transaction => {
      await enqueue(store, transaction, { topic: 'status_changed', body: '' })
      throw new Error('no')
    })
    await expect(fails).rejects.toThrow('no')
    expect((await deliverOutbox(store, receiver().deliver)).delivered).toBe(0)
  })

  it('delivers outside of any transaction', async () => {
    const store = await storeWith(1)
    const delivery = await deliverOutbox(store, async () => {
      await store.transaction(transaction => enqueue(store, transaction, { topic: 'receipt', body: 'nested' }))
    })
    expect(delivery.delivered).toBe(1)
    const { got, deliver } = receiver()
    await deliverOutbox(store, deliver)
    expect(got).toEqual(['nested'])
  })

  it('gives a message to one of two deliverers within a lease', async () => {
    const store = await storeWith(40)
    const { got, deliver } = receiver()
    const both = await Promise.all([1, 2, 3, 4].map(() => deliverOutbox(store, deliver, { limit: 10, now })))
    expect(both.map(({ delivered }) => delivered)).toEqual([10, 10, 10, 10])
    expect(new Set(got).size).toBe(40)
  })

  it('keeps a message that fails for after its lease, and goes on with the others', async () => {
    const store = await storeWith(4)
    const refusing = receiver(body => body === '0' || body === '2')
    const first = await deliverOutbox(store, refusing.deliver, { now, lease: 30 })
    expect(first.delivered).toBe(2)
    expect(first.failed.map(({ message, error }) => [message.body, (error as Error).message])).toEqual([
      ['0', 'no 0'],
      ['2', 'no 2'],
    ])
    const { got, deliver } = receiver()
    now.pass(29)
    expect((await deliverOutbox(store, deliver, { now })).delivered).toBe(0)
    now.pass(1)
    expect((await deliverOutbox(store, deliver, { now })).delivered).toBe(2)
    expect(got).toEqual(['0', '2'])
  })

  it('is not blocked by as many failing messages as it takes at once', async () => {
    const store = await storeWith(6)
    const { got, deliver } = receiver(body => Number(body) < 3)
    expect((await deliverOutbox(store, deliver, { now, limit: 3 })).delivered).toBe(0)
    expect((await deliverOutbox(store, deliver, { now, limit: 3 })).delivered).toBe(3)
    expect(got).toEqual(['3', '4', '5'])
  })

  it('takes a deliverer that throws at once for one that fails', async () => {
    const store = await storeWith(1)
    const throwing = () => {
      throw new Error('at once')
    }
    expect((await deliverOutbox(store, throwing, { now })).failed).toHaveLength(1)
  })

  it('delivers nothing more once the lease is over, for others may have it by then', async () => {
    const store = await storeWith(3)
    const { got, deliver } = receiver()
    const slow = async (message: OutboxMessage) => {
      await deliver(message)
      now.pass(6)
    }
    expect((await deliverOutbox(store, slow, { now, lease: 10 })).delivered).toBe(2)
    expect(got).toEqual(['0', '1'])
    expect((await deliverOutbox(store, deliver, { now })).delivered).toBe(1)
    expect(got).toEqual(['0', '1', '2'])
  })

  it('repeats a message that was delivered and could not be erased, and loses none', async () => {
    const store = await storeWith(2)
    const { got, deliver } = receiver()
    const lost = new Error('gone')
    const cut = withMethod(store, 'deleteMessages', () => Promise.reject(lost))
    await expect(deliverOutbox(cut, deliver, { now, lease: 10 })).rejects.toBe(lost)
    now.pass(10)
    expect((await deliverOutbox(store, deliver, { now })).delivered).toBe(2)
    expect(got).toEqual(['0', '0', '1'])
  })

  it('stops between two messages when it is told to, and the rest waits', async () => {
    const store = await storeWith(3)
    const stop = new AbortController()
    const { got, deliver } = receiver()
    const stopping = async (message: OutboxMessage) => {
      await deliver(message)
      stop.abort(new Error('stop'))
    }
    const { signal } = stop
    await expect(deliverOutbox(store, stopping, { now, lease: 10, signal })).rejects.toThrow('stop')
    await expect(deliverOutbox(store, deliver, { now, signal })).rejects.toThrow('stop')
    expect((await deliverOutbox(store, deliver, { now })).delivered).toBe(0)
    now.pass(10)
    expect((await deliverOutbox(store, deliver, { now })).delivered).toBe(2)
    expect(got).toEqual(['0', '1', '2'])
  })
})

describe('misuse of the outbox', () => {
  it.each<[string, string, unknown]>([
    ['no topic', 'topic', undefined],
    ['an empty topic', 'topic', ''],
    ['a topic with a capital', 'topic', 'Status'],
    ['a topic with a space', 'topic', 'status changed'],
    ['a topic that ends in a line', 'topic', 'status\n'],
    ['a topic of 65 characters', 'topic', 't'.repeat(65)],
    ['no body', 'body', undefined],
    ['a body that is no text', 'body', { id: 1 }],
    ['a body of 65,537 characters', 'body', 'b'.repeat(65_537)],
  ])('%s is a TypeError that names it, and nothing is written', async (_, name, value) => {
    const store = memoryStore()
    await store.transaction(async transaction => {
      const message = { topic: 'status_changed', body: '', [name]: value }
      await expect(enqueue(store, transaction, message)).rejects.toThrow(TypeError)
      await expect(enqueue(store, transaction, message)).rejects.toThrow(`\`${name}\``)
    })
    expect((await deliverOutbox(store, receiver().deliver)).delivered).toBe(0)
  })

  it('takes the longest topic and body', async () => {
    const store = memoryStore()
    const longest = { topic: 't'.repeat(64), body: 'b'.repeat(65_536) }
    await store.transaction(transaction => enqueue(store, transaction, longest))
    expect((await deliverOutbox(store, receiver().deliver)).delivered).toBe(1)
  })

  it.each<[string, object, string]>([
    ['a limit of 0', { limit: 0 }, '`limit`'],
    ['a limit beyond 1000', { limit: 1001 }, '`limit`'],
    ['half a message', { limit: 1.5 }, '`limit`'],
    ['a lease of 0', { lease: 0 }, '`lease`'],
    ['an endless lease', { lease: Number.POSITIVE_INFINITY }, '`lease`'],
  ])('%s is a RangeError', async (_, options, name) => {
    const attempt = deliverOutbox(memoryStore(), receiver().deliver, options)
    await expect(attempt).rejects.toThrow(RangeError)
    await expect(attempt).rejects.toThrow(name)
  })

  it('something that is no store, or no deliverer, is a TypeError', async () => {
    const none = {} as OfficeStore
    await expect(deliverOutbox(none, receiver().deliver)).rejects.toThrow('`store`')
    await expect(enqueue(none, {}, { topic: 'a', body: '' })).rejects.toThrow('`store`')
    await expect(deliverOutbox(memoryStore(), undefined as never)).rejects.toThrow('`deliver`')
  })
})
