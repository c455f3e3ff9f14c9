import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/store/memory.js'
import { type StoreUnderTest, testStore } from '../../src/testing/index.js'

const inMemory = async (): Promise<StoreUnderTest> => ({ store: memoryStore() })

describe('the store in memory', () => {
  it.each(testStore(inMemory))('$name', ({ run }) => run())
})

describe('the suite for stores', () => {
  const cases = testStore(inMemory)
  const named = (name: string, makeStore: () => Promise<StoreUnderTest>) =>
    testStore(makeStore, { durable: name === 'outlasts' }).find(found => found.name.includes(name))!

  it('makes no store before a case runs', () => {
    testStore(() => Promise.reject(new Error('made')))
  })

  it('names each case once, in words', () => {
    expect(cases.length).toBeGreaterThan(150)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    for (const { name } of cases) expect(name).toMatch(/^(an?|the) \S+ .*[\w)]$/)
  })

  it('closes the store of every case, whether it passes or not', async () => {
    let open = 0
    const counted = (store: StoreUnderTest['store']) => async () => {
      open++
      return { store, close: async () => void open-- }
    }
    await named('keeps every byte', counted(memoryStore())).run()
    const broken = { ...memoryStore(), findStatusFile: async () => undefined }
    await expect(named('keeps every byte', counted(broken)).run()).rejects.toThrow('a file: expected')
    expect(open).toBe(0)
  })

  it('asks a store that is opened again for all that it had', async () => {
    const store = memoryStore()
    const durable = named('outlasts', async () => ({ store, reopen: async () => store }))
    await durable.run()
    const other = memoryStore()
    const reopen = async () => ({ ...other, findAnswer: async () => undefined })
    const forgetful = named('outlasts', async () => ({ store: other, reopen }))
    await expect(forgetful.run()).rejects.toThrow('the store after it was opened again, at answers/')
  })

  it('asks what outlasts the store of one that is durable alone, and says so where `reopen` does not fit', async () => {
    expect(cases.filter(({ name }) => name.includes('outlasts'))).toEqual([])
    await expect(named('outlasts', inMemory).run()).rejects.toThrow('`reopen` must be given by `makeStore`')
    const store = memoryStore()
    const silent = named('keeps every byte', async () => ({ store, reopen: async () => store }))
    await expect(silent.run()).rejects.toThrow(new TypeError('`reopen` must be given for a `durable` store alone'))
    expect(() => testStore(inMemory, { durable: 'yes' as never })).toThrow(TypeError)
  })

  it('says in ASCII what it found in place of what', async () => {
    const cut = { ...memoryStore(), findSubjectKey: async () => undefined }
    const failure = named('keeps every text as it is: a subject', async () => ({ store: cut })).run()
    await expect(failure).rejects.toThrow(/^a subject: expected "x+…, found "undefined"$/)
  })

  it('takes a store by itself, made at once or later', async () => {
    for (const makeStore of [memoryStore, async () => memoryStore()]) await testStore(makeStore)[0]!.run()
  })

  it('takes a function', () => {
    expect(() => testStore(memoryStore() as never)).toThrow(new TypeError('`makeStore` must be a function'))
  })
})
