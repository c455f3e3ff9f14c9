/** A batch on its way: run again from its start, given up while it waits, and the texts that it writes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ActMembers, actMembers, identifierNames } from '../../src/audit/act.js'
import { verifyChain } from '../../src/audit/chain.js'
import { checkLog } from '../../src/audit/check-log.js'
import {
  type AuditEntry,
  beginning,
  type Commitments,
  endAfter,
  entryHash,
  entryText,
  parseEntry,
  placeAct,
  placeEntry,
} from '../../src/audit/entry.js'
import type { AuditLog } from '../../src/audit/log.js'
import type { AuditStore, EntryRow } from '../../src/audit/store.js'
import { base64url } from '../../src/core/bytes.js'
import { canonicalJson } from '../../src/core/canonical-json.js'
import type { JsonObject } from '../../src/core/json.js'
import type { Transaction } from '../../src/core/transaction.js'
import { VidimusError } from '../../src/errors.js'
import { act, failing, memoryStore, world } from './world.js'

async function reasons(log: AuditLog): Promise<readonly string[]> {
  const all: string[] = []
  for await (const { reason } of log.entries()) all.push(reason)
  return all
}

/** Answers only when it is told to. */
function gate() {
  let open: () => void = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, opened }
}

/** A store that undoes a transaction so many times and runs its work again, as after a deadlock. */
function givingWay(store: AuditStore, times: { left: number; between?: () => void }): AuditStore {
  const undo = new Error('gave way')
  const attempt = (work: (transaction: Transaction) => Promise<unknown>) =>
    store.transaction(async transaction => {
      await work(transaction)
      throw undo
    })
  return {
    ...store,
    async transaction(work) {
      for (; times.left > 0; times.left--) {
        await attempt(work).catch(error => {
          if (error !== undo) throw error
        })
        times.between?.()
      }
      return store.transaction(work)
    },
  }
}

describe('a batch that gives way to another transaction and runs again', () => {
  it('writes each act once, at the place that was answered', async () => {
    const times = { left: 0 }
    const { store, log, reopen } = await world({ store: givingWay(memoryStore(), times) })
    await log.append(act('citizen', 'reason_0'))
    await store.transaction(transaction => log.record(act('citizen', 'recorded'), transaction))
    times.left = 3
    const appended = await Promise.all([1, 2].map(n => log.append(act(`citizen ${n}`, `reason_${n}`))))
    times.left = 2
    await log.sequence()
    times.left = 0
    expect(appended.map(({ index }) => index)).toEqual([1, 2])
    expect(await reasons(log)).toEqual(['reason_0', 'reason_1', 'reason_2', 'recorded'])
    expect((await log.proveInclusion(1)).entry).toEqual(appended[0]!.entry)
    expect(await (await reopen()).checkpoint()).toBe(await log.checkpoint())
    expect(await verifyChain(log.entries(), { head: await log.checkpoint() })).toMatchObject({ ok: true, size: 4 })
  })

  it('takes along what came meanwhile, and what it took stays taken', async () => {
    const times: { left: number; between?: () => void } = { left: 0 }
    const { log } = await world({ store: givingWay(memoryStore(), times) })
    const controller = new AbortController()
    const later: Promise<unknown>[] = []
    times.between = () => {
      controller.abort(new Error('given up'))
      later.push(log.append(act(undefined, 'meanwhile')))
    }
    times.left = 1
    const first = log.append(act(undefined, 'first'), { signal: controller.signal })
    await expect(first).rejects.toThrow('given up')
    await Promise.all(later)
    expect(await reasons(log)).toEqual(['first', 'meanwhile'])
  })

  it('is not answered with what was undone, when others were faster than the second run', async () => {
    const times = { left: 0 }
    const inner = memoryStore()
    let runs = 0
    const numberActs: AuditStore['numberActs'] = async (transaction, batch) =>
      ++runs !== 2 && inner.numberActs(transaction, batch)
    const { log } = await world({ store: givingWay({ ...inner, numberActs }, times) })
    times.left = 1
    expect((await log.append(act(undefined, 'once'))).index).toBe(0)
    expect([runs, await reasons(log)]).toEqual([3, ['once']])
  })

  it('says `log_busy` when the second run waits in vain for the end of the log', async () => {
    const times: { left: number; between?: () => void } = { left: 0 }
    const inner = memoryStore()
    let isBusy = false
    const lockLog: AuditStore['lockLog'] = async (transaction, maxWait) => {
      if (isBusy) throw new VidimusError('store_busy')
      return inner.lockLog(transaction, maxWait)
    }
    const { log } = await world({ store: givingWay({ ...inner, lockLog }, times) })
    times.left = 1
    times.between = () => {
      isBusy = true
    }
    await expect(log.append(act(undefined, 'refused'))).rejects.toMatchObject(failing('log_busy'))
    isBusy = false
    expect((await log.append(act(undefined, 'next'))).index).toBe(0)
  })

  it('goes on from the end that is there by then', async () => {
    const times: { left: number; between?: () => void } = { left: 0 }
    const inner = memoryStore()
    const { log, reopen } = await world({ store: givingWay(inner, times) })
    const other = await reopen({ store: inner })
    let appending: Promise<unknown> = Promise.resolve()
    times.between = () => {
      appending = other.append(act(undefined, 'faster'))
    }
    times.left = 1
    const slow = log.append(act(undefined, 'slow'))
    expect([(await slow).index, await appending]).toEqual([1, expect.objectContaining({ index: 0 })])
    expect(await reasons(log)).toEqual(['faster', 'slow'])
    expect(await log.checkpoint()).toBe(await other.checkpoint())
  })
})

describe('a batch as large as there are', () => {
  it('is written, though each of its acts names four that nobody named before', async () => {
    const { log } = await world()
    const acts = Array.from({ length: 1000 }, (_, at) => ({
      ...act(`citizen ${at}`),
      actorId: `clerk ${at}`,
      device: `device ${at}`,
      address: `address ${at}`,
    }))
    const appended = await Promise.all(acts.map(one => log.append(one)))
    expect(appended.map(({ index }) => index)).toEqual(acts.map((_, at) => at))
  })
})

it('a log that is far behind reads on before it takes the end of the log, and not while others wait', async () => {
  const inner = memoryStore()
  const locked = new Set<Transaction>()
  const read: boolean[] = []
  const store: AuditStore = {
    ...inner,
    async lockLog(transaction, maxWait) {
      locked.add(transaction)
      return inner.lockLog(transaction, maxWait)
    },
    async findEntries(transaction, from, to) {
      read.push(locked.has(transaction))
      return inner.findEntries(transaction, from, to)
    },
  }
  const { log, reopen } = await world({ store })
  const other = await reopen({ store: inner })
  await Promise.all(Array.from({ length: 1001 }, () => other.append(act())))
  read.length = 0
  expect((await log.append(act())).index).toBe(1001)
  expect(read).toEqual([false, false])
  await other.append(act())
  expect((await log.append(act())).index).toBe(1003)
  expect(read).toEqual([false, false, true])
})

describe('an append that is given up', () => {
  it.each([
    ['while it waits for the batch before it: it is not written', false],
    ['while its batch is being written: it stays', true],
  ])('%s', async (_, isTaken) => {
    const { signer, reopen } = await world()
    const signing = gate()
    let asked = 0
    const slow = {
      ...signer,
      sign: async (data: Uint8Array) => (asked++ > 0 && (await signing.opened), signer.sign(data)),
    }
    const log = await reopen({ signer: slow })
    const controller = new AbortController()
    const reason = new Error('given up')
    const before = isTaken ? undefined : log.append(act(undefined, 'before'))
    if (!isTaken) await new Promise(resolve => setTimeout(resolve, 5))
    const given = log.append(act('citizen', 'given_up'), { signal: controller.signal })
    const beside = log.append(act(undefined, 'beside'))
    await new Promise(resolve => setTimeout(resolve, 5))
    controller.abort(reason)
    await expect(given).rejects.toBe(reason)
    signing.open()
    await Promise.all([before, beside])
    expect(await reasons(log)).toEqual(isTaken ? ['given_up', 'beside'] : ['before', 'beside'])
    if (!isTaken) await expect(log.history('citizen')).rejects.toMatchObject(failing('audit_subject_unknown'))
  })

  it('leaves the others of its batch alone when all that waited are given up', async () => {
    const { log } = await world()
    const controller = new AbortController()
    const given = ['a', 'b'].map(name => log.append(act(undefined, `reason_${name}`), { signal: controller.signal }))
    controller.abort(new Error('given up'))
    const kept = log.append(act(undefined, 'kept'))
    for (const one of given) await expect(one).rejects.toThrow('given up')
    expect((await kept).index).toBe(0)
    expect(await reasons(log)).toEqual(['kept'])
  })
})

describe('a batch that fails', () => {
  /** A log whose store answers the next attempts to write with errors. */
  async function failingStore(maxWait?: number) {
    const inner = memoryStore()
    const errors: (Error | undefined)[] = []
    const limits: unknown[] = []
    const store: AuditStore = {
      ...inner,
      transaction: async (work, options) => {
        limits.push(options?.maxWait)
        return inner.transaction(work)
      },
      lockLog: async (transaction, maxWait) => {
        limits.push(maxWait)
        const error = errors.shift()
        if (error !== undefined) throw error
        return inner.lockLog(transaction)
      },
    }
    const { log, reopen } = await world({ store, maxWait })
    limits.length = 0
    return { log, reopen, inner, errors, limits }
  }

  it('fails for all who wait by then, and for nobody who comes afterwards', async () => {
    const { log, errors } = await failingStore()
    const failure = new VidimusError('store_unreachable')
    errors.push(failure)
    const early = [log.append(act(undefined, 'early')), log.append(act(undefined, 'beside')), log.sequence()]
    for (const one of early) await expect(one).rejects.toBe(failure)
    expect((await log.append(act(undefined, 'late'))).index).toBe(0)
    expect(await reasons(log)).toEqual(['late'])
  })

  it('for the log was held too long says `log_busy`, and nothing is written', async () => {
    const { log, inner, errors } = await failingStore()
    errors.push(new VidimusError('store_busy'))
    await expect(log.append(act('citizen', 'refused'))).rejects.toMatchObject(failing('log_busy'))
    await inner.transaction(async transaction => {
      expect(await inner.findLogHead(transaction)).toEqual({ size: 0, checkpoint: undefined })
      expect(await inner.findSubjectKey(transaction, 'citizen')).toBeUndefined()
    })
    expect((await log.append(act(undefined, 'next'))).index).toBe(0)
  })

  it('before it began, for even a look takes a lock, says `log_busy`; at the opening too', async () => {
    const inner = memoryStore()
    let isBusy = false
    const store: AuditStore = {
      ...inner,
      transaction: async work => {
        if (isBusy) throw new VidimusError('store_busy')
        return inner.transaction(work)
      },
    }
    const { log, reopen } = await world({ store })
    isBusy = true
    for (const work of [() => log.append(act()), () => log.sequence(), () => log.checkpoint(), () => reopen()])
      await expect(work()).rejects.toMatchObject(failing('log_busy'))
    isBusy = false
    expect((await log.append(act())).index).toBe(0)
  })

  it('for it met others once it had the log says so in the words of the store', async () => {
    const inner = memoryStore()
    const { log } = await world({
      store: { ...inner, keepSubjectKeys: () => Promise.reject(new VidimusError('store_busy')) },
    })
    await expect(log.append(act('citizen'))).rejects.toMatchObject(failing('store_busy'))
  })

  it.each([
    [undefined, 60],
    [0, 0],
    [2.5, 2.5],
  ])('waits for the log as long as was said: %s', async (maxWait, expected) => {
    const { log, limits } = await failingStore(maxWait)
    await log.append(act())
    await log.sequence()
    expect(limits).toEqual([expected, expected, expected])
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '1'])('refuses a wait of %s', async maxWait => {
    await expect(world({ maxWait: maxWait as number })).rejects.toThrow(
      new RangeError('`maxWait` must be a number of seconds'),
    )
  })
})

describe('a batch whose commit nobody saw', () => {
  /** A log over a store whose next commits are told as unknown, done or not, and that may fail when it is asked. */
  async function unseen() {
    const inner = memoryStore()
    const undo = new Error('undone')
    const fault = {
      next: [] as ('done' | 'undone')[],
      asked: 0,
      deaf: 0,
      lies: undefined as EntryRow | undefined,
      steps: [] as string[],
    }
    const store: AuditStore = {
      ...inner,
      async transaction(work, options) {
        const how = options === undefined ? undefined : fault.next.shift()
        if (how === undefined) {
          if (fault.deaf > 0 && options !== undefined && fault.asked > 0) {
            fault.deaf--
            throw new VidimusError('store_unreachable')
          }
          return inner.transaction(work)
        }
        fault.asked++
        const done = inner.transaction(async transaction => {
          const result = await work(transaction)
          if (how === 'undone') throw undo
          return result
        })
        await done.catch(error => {
          if (error !== undo) throw error
        })
        throw new VidimusError('store_commit_unknown')
      },
      lockLog: async transaction => {
        fault.steps.push('lock')
        return inner.lockLog(transaction)
      },
      findEntryOfAct: async (transaction, id) => {
        fault.steps.push('look')
        return fault.lies ?? inner.findEntryOfAct(transaction, id)
      },
    }
    return { fault, inner, ...(await world({ store, maxWait: 0.5 })) }
  }

  it('answers with the entries when it was done, and goes on from there', async () => {
    const { log, fault, reopen } = await unseen()
    fault.next = ['done']
    const appended = await Promise.all([0, 1].map(n => log.append(act('citizen', `reason_${n}`))))
    expect(appended.map(({ index, entry }) => [index, entry.reason])).toEqual([
      [0, 'reason_0'],
      [1, 'reason_1'],
    ])
    expect((await log.append(act())).index).toBe(2)
    expect(await (await reopen()).checkpoint()).toBe(await log.checkpoint())
  })

  it('says that nothing was written when it was not done', async () => {
    const { log, fault } = await unseen()
    fault.next = ['undone']
    await expect(log.append(act('citizen'))).rejects.toMatchObject(failing('store_unreachable'))
    expect((await log.append(act(undefined, 'next'))).index).toBe(0)
    expect(await reasons(log)).toEqual(['next'])
  })

  it('is looked for by whoever has the end of the log: by then the database has decided', async () => {
    const { log, fault } = await unseen()
    fault.next = ['done']
    await log.append(act())
    expect(fault.steps).toEqual(['lock', 'lock', 'look'])
  })

  it('is asked about until the store answers', async () => {
    const { log, fault } = await unseen()
    fault.next = ['done']
    fault.deaf = 4
    expect((await log.append(act())).index).toBe(0)
    expect(fault.deaf).toBe(0)
  })

  it('stays unknown when the store does not answer in time', async () => {
    const { log, fault } = await unseen()
    fault.next = ['done']
    fault.deaf = 1e9
    await expect(log.append(act('citizen', 'unknown'))).rejects.toMatchObject(failing('store_commit_unknown'))
    fault.deaf = 0
    expect(await reasons(log)).toEqual(['unknown'])
  })

  it('stays unknown when the store does not do what it was asked', async () => {
    const { log, fault, inner } = await unseen()
    fault.next = ['done']
    Object.defineProperty(fault, 'lies', {
      get: () => {
        throw new TypeError('of the driver')
      },
    })
    await expect(log.append(act())).rejects.toMatchObject(failing('store_commit_unknown'))
    expect(fault.steps).toEqual(['lock', 'lock', 'look'])
    expect((await inner.transaction(transaction => inner.findLogHead(transaction))).size).toBe(1)
  })

  it('is not taken for one that has other texts', async () => {
    const { log, fault } = await unseen()
    fault.next = ['undone']
    fault.lies = { index: 0, act: 'x', text: '{}' }
    await expect(log.append(act())).rejects.toMatchObject(failing('store_unreachable'))
  })

  it('lets those go on who only wanted acts numbered, and numbers what it did not', async () => {
    for (const how of ['done', 'undone'] as const) {
      const { log, fault, store } = await unseen()
      await store.transaction(transaction => log.record(act(undefined, 'recorded'), transaction))
      // The first is the look for acts that wait, which has nothing to commit.
      fault.next = ['done']
      await expect(log.sequence()).rejects.toMatchObject(failing('store_unreachable'))
      let looks = 0
      const { next } = fault
      Object.defineProperty(fault, 'next', {
        value: { shift: () => (looks++ === 1 ? how : undefined) },
        writable: true,
      })
      const numbering = log.sequence()
      await (how === 'done' ? numbering : expect(numbering).rejects.toMatchObject(failing('store_unreachable')))
      fault.next = next
      expect(await reasons(log)).toEqual(['recorded'])
    }
  })

  it('of which nothing was written for others were faster is tried again', async () => {
    const { log, fault, inner, reopen } = await unseen()
    const other = await reopen({ store: inner })
    let tries = 0
    const late = await reopen({
      store: {
        ...log.store,
        numberActs: async (transaction, batch) => (tries++ > 0 ? inner.numberActs(transaction, batch) : false),
      },
    })
    fault.next = ['done']
    expect((await late.append(act())).index).toBe(0)
    expect(tries).toBe(2)
    expect(await other.checkpoint()).toBe(await late.checkpoint())
  })
})

describe('the text of an act in its place', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(_[a-z0-9]{1,8}){0,2}$/)
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(base64url)
  const named = fc.stringMatching(/^[a-z]{1,9}(-[a-z0-9]{1,9}){0,2}$/)
  const saidBy = (name: keyof ActMembers): fc.Arbitrary<unknown> => {
    if (name === 'passport') return named
    if (name === 'format') return fc.constantFrom('dc+sd-jwt', 'vc+sd-jwt', 'vc+jwt', 'mso_mdoc')
    if (name === 'rangeFrom' || name === 'rangeTo') return fc.nat()
    return name.endsWith('Digest') ? digest : word
  }
  const optional = actMembers.filter(name => !['kind', 'actor', 'reason', 'rangeFrom', 'rangeTo'].includes(name))
  const members = fc
    .tuple(
      fc.record({ kind: word, actor: word, reason: word }),
      fc.record(Object.fromEntries(optional.map(name => [name, saidBy(name)])), { requiredKeys: [] }),
      fc.option(fc.tuple(fc.nat(1e9), fc.nat(1e9)), { nil: undefined }),
      fc.boolean(),
    )
    .map(([must, may, range, undefinedToo]) => ({
      ...(undefinedToo ? Object.fromEntries(optional.map(name => [name, undefined])) : {}),
      ...must,
      ...may,
      ...(range === undefined ? {} : { rangeFrom: range[0], rangeTo: range[0] + range[1] + 1 }),
    })) as fc.Arbitrary<ActMembers>
  const salt = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(base64url)
  const commitments = fc.oneof(
    fc.constant({}),
    fc
      .tuple(
        fc.subarray([...identifierNames], { minLength: 1 }),
        fc.array(digest, { minLength: 4, maxLength: 4 }),
        salt,
      )
      .map(([names, digests, salt]) => ({ ...Object.fromEntries(names.map((name, at) => [name, digests[at]])), salt })),
  ) as fc.Arbitrary<Commitments>
  const moment = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map(date => `${date.toISOString().slice(0, 19)}Z`)

  it('is canonical JSON, whatever it says, and the one that an act out of the store gets', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(members, commitments, moment), { minLength: 1, maxLength: 5 }), acts => {
        let end = beginning()
        for (const [said, committed, time] of acts) {
          const placed = placeAct(said, time, committed, end)
          expect(placed.text).toBe(canonicalJson(placed.entry as unknown as JsonObject))
          expect(placed.text).toBe(entryText(parseEntry(placed.text)))
          expect(parseEntry(placed.text)).toEqual(placed.entry)
          expect(placed.hash).toEqual(entryHash(placed.entry))
          expect(placed.end).toEqual(endAfter(placed.entry, placed.hash))
          const unnumbered = { version: 1, time, ...said, ...committed }
          expect(placeEntry(JSON.stringify(unnumbered), end)).toEqual(placed)
          end = placed.end
        }
      }),
      { seed: 20261122, numRuns: 300 },
    )
  })
})

describe('an entry that comes too late', () => {
  it('is told from one that is missing, of iterables too, in one pass that ends', async () => {
    const { log } = await world()
    for (let index = 0; index < 6; index++) await log.append(act(undefined, `reason_${index}`))
    const [checkpoint, entries] = [await log.checkpoint(), [] as AuditEntry[]]
    for await (const entry of log.entries()) entries.push(entry)
    const told = async (shown: unknown) => {
      const verdict = await checkLog({ checkpoint, entries: shown }, { kept: checkpoint, logKey: log.verifierKey })
      return verdict.ok ? 'nothing' : [verdict.tampering, verdict.code]
    }
    async function* later(list: readonly unknown[]) {
      yield* list
    }
    const swapped = [entries[0], entries[2], entries[1], ...entries.slice(3)]
    const late = [entries[0], ...entries.slice(2), 'no entry', entries[1]]
    const missing = [entries[0], ...entries.slice(2)]
    for (const [list, tampering] of [
      [swapped, 'order'],
      [late, 'order'],
      [missing, 'gap'],
    ] as const)
      for (const shown of [list, new Set(list), later(list)])
        expect(await told(shown)).toEqual([tampering, 'log_corrupt'])
    let given = 0
    function* endless() {
      yield entries[0]
      for (;;) yield (given++, entries[3])
    }
    expect(await told(endless())).toEqual(['gap', 'log_corrupt'])
    expect(given).toBeLessThan(20)
    function* failing() {
      yield* missing
      throw new Error('connection lost')
    }
    expect(await told(failing())).toEqual(['gap', 'log_corrupt'])
  })
})
