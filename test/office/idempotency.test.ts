import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/core/transaction.js'
import { VidimusError } from '../../src/errors.js'
import { answerOnce, forgetAnswers } from '../../src/office/idempotency.js'
import type { OfficeStore } from '../../src/office/store.js'
import { failing, memoryStore, officeClock, withMethod } from './world.js'

const asked = { key: 'client-7', request: '{"act":"suspend","passport":"p1"}' }

/** Work that writes a message, so that its effects can be counted. */
function effects(store: OfficeStore) {
  let ran = 0
  return {
    work: async (transaction: Transaction) => {
      ran++
      await store.insertMessage(transaction, { id: `m${ran}`, topic: 'done', body: '' })
      return `answer ${ran}`
    },
    ran: () => ran,
    kept: () =>
      store.transaction(async transaction => {
        const lease = { now: new Date(0), until: new Date(0), limit: 1000 }
        return (await store.leaseMessages(transaction, lease)).map(({ id }) => id)
      }),
  }
}

describe('a request', () => {
  it('is done once, and answered the same ever after', async () => {
    const store = memoryStore()
    const { work, ran, kept } = effects(store)
    expect(await answerOnce(store, asked, work)).toEqual({ answer: 'answer 1', replayed: false })
    expect(await answerOnce(store, asked, work)).toEqual({ answer: 'answer 1', replayed: true })
    expect(ran()).toBe(1)
    expect(await kept()).toEqual(['m1'])
  })

  it('is done once by 1,000 attempts at the same time', async () => {
    const store = memoryStore()
    const { work, ran, kept } = effects(store)
    const answers = await Promise.all(Array.from({ length: 1000 }, () => answerOnce(store, asked, work)))
    expect(new Set(answers.map(({ answer }) => answer))).toEqual(new Set(['answer 1']))
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(ran()).toBe(1)
    expect(await kept()).toEqual(['m1'])
  })

  it('has its effect once when the commit is ambiguous and the client asks again', async () => {
    for (const committed of [true, false]) {
      const store = memoryStore()
      const { work, kept } = effects(store)
      const cut = withMethod(store, 'transaction', async inner => {
        const lost = new VidimusError('store_commit_unknown')
        await store.transaction(async transaction => {
          await inner(transaction)
          if (!committed) throw lost
        })
        throw lost
      })
      await expect(answerOnce(cut, asked, work)).rejects.toMatchObject(failing('store_commit_unknown'))
      const { answer, replayed } = await answerOnce(store, asked, work)
      expect([answer, replayed]).toEqual(committed ? ['answer 1', true] : ['answer 2', false])
      expect(await kept()).toHaveLength(1)
    }
  })

  it('may have an empty answer', async () => {
    const store = memoryStore()
    expect(await answerOnce(store, asked, async () => '')).toEqual({ answer: '', replayed: false })
    expect(await answerOnce(store, asked, async () => 'other')).toEqual({ answer: '', replayed: true })
  })

  it('with the key of another one is refused, and does nothing', async () => {
    const store = memoryStore()
    const { work, ran } = effects(store)
    await answerOnce(store, asked, work)
    const other = answerOnce(store, { ...asked, request: `${asked.request} ` }, work)
    await expect(other).rejects.toMatchObject(failing('idempotency_key_reused'))
    expect(ran()).toBe(1)
  })

  it('with a key of its own is done beside others', async () => {
    const store = memoryStore()
    const { work } = effects(store)
    await answerOnce(store, asked, work)
    expect(await answerOnce(store, { ...asked, key: 'client-8' }, work)).toEqual({
      answer: 'answer 2',
      replayed: false,
    })
  })

  it('that fails leaves nothing, and its key free', async () => {
    const store = memoryStore()
    const { work, kept } = effects(store)
    const failure = new Error('no')
    const fails = answerOnce(store, asked, async transaction => {
      await work(transaction)
      throw failure
    })
    await expect(fails).rejects.toBe(failure)
    expect(await kept()).toEqual([])
    expect((await answerOnce(store, { ...asked, request: 'another' }, work)).replayed).toBe(false)
  })

  it('that is aborted before its commit leaves nothing', async () => {
    const store = memoryStore()
    const { work, kept } = effects(store)
    const stop = new AbortController()
    const reason = new Error('stop')
    const stopped = answerOnce(store, { ...asked, signal: stop.signal }, async transaction => {
      stop.abort(reason)
      return work(transaction)
    })
    await expect(stopped).rejects.toBe(reason)
    expect(await kept()).toEqual([])
    const early = answerOnce(store, { ...asked, signal: stop.signal }, work)
    await expect(early).rejects.toBe(reason)
    expect((await answerOnce(store, asked, work)).replayed).toBe(false)
  })

  it('is kept as a digest', async () => {
    const store = memoryStore()
    await answerOnce(store, asked, async () => 'done')
    const row = await store.transaction(transaction => store.findAnswer(transaction, asked.key))
    // echo -n '{"act":"suspend","passport":"p1"}' | openssl dgst -sha256 -binary | basenc --base64url
    expect(row?.request).toBe('lNnIk1sU0MXqbXqzCxsMCTcVjfgvqWY7C6Kvztfa-0E')
    expect(JSON.stringify(row)).not.toContain('suspend')
  })
})

describe('an answer', () => {
  it('is forgotten once its time ran out, a day by default, and then the request is done again', async () => {
    const store = memoryStore()
    const now = officeClock()
    const { work } = effects(store)
    const short = { key: 'short', request: 'r', now, expires: new Date(now().getTime() + 60_000) }
    await answerOnce(store, { ...asked, now }, work)
    await answerOnce(store, short, work)
    now.pass(60)
    expect(await forgetAnswers(store, { now })).toBe(0)
    now.pass(1)
    expect(await answerOnce(store, asked, work)).toMatchObject({ replayed: true })
    expect(await forgetAnswers(store, { now })).toBe(1)
    expect(await answerOnce(store, { ...short, expires: new Date(now().getTime() + 1e9) }, work)).toMatchObject({
      replayed: false,
    })
    now.pass(86_400)
    expect(await answerOnce(store, asked, work)).toMatchObject({ replayed: true })
    expect(await forgetAnswers(store, { now })).toBe(1)
    expect(await answerOnce(store, asked, work)).toMatchObject({ replayed: false })
  })

  it('that is forgotten by others between two looks is given anew', async () => {
    const store = memoryStore()
    let refusals = 3
    const racing = withMethod(store, 'claimKey', (transaction, row) =>
      refusals-- > 0 ? Promise.resolve(false) : store.claimKey(transaction, row),
    )
    expect(await answerOnce(racing, asked, async () => 'done')).toEqual({ answer: 'done', replayed: false })
  })

  it('that the store cannot find is not waited for endlessly', async () => {
    const broken = withMethod(memoryStore(), 'claimKey', async () => false)
    await expect(answerOnce(broken, asked, async () => 'done')).rejects.toThrow('does not find it')
  })

  it('that is missing beside its key is not made up', async () => {
    const store = memoryStore()
    const forgetful = withMethod(store, 'keepAnswer', async () => {})
    await answerOnce(forgetful, asked, async () => 'done')
    await expect(answerOnce(store, asked, async () => 'done')).rejects.toThrow('kept no answer')
  })

  it('is a string, or nothing is kept', async () => {
    const store = memoryStore()
    const wrong = answerOnce(store, asked, async () => 7 as unknown as string)
    await expect(wrong).rejects.toThrow(new TypeError('`work` must be a function that returns a promise of a string'))
    expect((await answerOnce(store, asked, async () => 'done')).replayed).toBe(false)
  })
})

it('gives every sequence of attempts one effect for each key that succeeded', async () => {
  const attempt = fc.record({ key: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() })
  const property = fc.asyncProperty(fc.array(attempt, { maxLength: 12 }), async attempts => {
    const store = memoryStore()
    const done = new Map<string, number>()
    const tried = attempts.map(({ key, fails }) =>
      answerOnce(store, { key, request: key }, async () => {
        if (fails) throw new Error('no')
        done.set(key, (done.get(key) ?? 0) + 1)
        return key
      }).catch(() => undefined),
    )
    const answers = await Promise.all(tried)
    for (const [at, { key, fails }] of attempts.entries()) {
      const first = attempts.findIndex(other => other.key === key && !other.fails)
      const replayed = first >= 0 && first < at
      expect(answers[at]).toEqual(fails && !replayed ? undefined : { answer: key, replayed })
    }
    expect([...done.values()].every(times => times === 1)).toBe(true)
  })
  await fc.assert(property, { seed: 5, numRuns: 100 })
})

describe('misuse', () => {
  const store = memoryStore()
  const work = async () => 'done'

  it.each<[string, string, unknown]>([
    ['no key', 'key', undefined],
    ['an empty key', 'key', ''],
    ['a key of 256 characters', 'key', 'k'.repeat(256)],
    ['a key with a control character', 'key', 'a\nb'],
    ['a key with DEL', 'key', 'a\u007f'],
    ['a key with a letter beyond ASCII', 'key', 'ключ'],
    ['a key with a line after it', 'key', 'key\n'],
    ['no request', 'request', undefined],
    ['an empty request', 'request', ''],
    ['a request that is no text', 'request', { act: 'suspend' }],
    ['an expiry that is no Date', 'expires', 86_400],
    ['an expiry that is no time', 'expires', new Date(Number.NaN)],
    ['an expiry that is over', 'expires', new Date(0)],
    ['a clock that tells nothing', 'now', () => 'noon'],
  ])('%s is a TypeError that names it', async (_, name, value) => {
    const attempt = answerOnce(store, { ...asked, [name]: value }, work)
    await expect(attempt).rejects.toThrow(TypeError)
    await expect(attempt).rejects.toThrow(`\`${name}\``)
  })

  it('a request with half of a character is refused', async () => {
    const half = answerOnce(store, { ...asked, request: '\ud800' }, work)
    await expect(half).rejects.toMatchObject(failing('encoding_invalid'))
  })

  it('takes keys of every printable character, and of 255', async () => {
    const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('')
    for (const key of [printable, 'k'.repeat(255), ' '])
      expect(await answerOnce(store, { ...asked, key }, work)).toEqual({ answer: 'done', replayed: false })
  })

  it('something that is no store, or no work, is a TypeError', async () => {
    await expect(answerOnce({} as OfficeStore, asked, work)).rejects.toThrow('`store`')
    await expect(forgetAnswers(undefined as unknown as OfficeStore)).rejects.toThrow('`store`')
    await expect(answerOnce(store, asked, 'done' as never)).rejects.toThrow('`work`')
  })

  it('forgetting is aborted before it begins', async () => {
    await expect(forgetAnswers(store, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
  })
})
