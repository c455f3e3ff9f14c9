/** What a checkpoint held outside covers cannot be changed unseen: random tamperings, all found out, and told by kind. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLog } from '../../src/audit/check-log.js'
import type { AuditStore, EntryRow, LogHead } from '../../src/audit/store.js'
import { act, world } from './world.js'

/** All that a store keeps of a log, and an earlier state of it. */
interface Kept {
  rows: EntryRow[]
  head: LogHead
}

const size = 24

async function kept(store: AuditStore): Promise<Kept> {
  return store.transaction(async transaction => ({
    rows: [...(await store.findEntries(transaction, 0, size))],
    head: await store.findLogHead(transaction),
  }))
}

/** A log that grew in steps, its states, and another with the same key that went another way from the middle on. */
async function grown() {
  const { store, log, signer, reopen } = await world()
  const forked = await world({ signer })
  const states: Kept[] = []
  for (let index = 0; index < size; index++) {
    await log.append(act(`citizen ${index % 3}`, `reason_${index}`))
    states.push(await kept(store))
  }
  for (let index = 0; index < size; index++) await forked.log.append(act('other', `reason_${index}`))
  const other = await kept(forked.store)
  return { log, reopen, states, other, outside: await log.checkpoint() }
}

/** A store that gives what was kept. */
const storeOf = (base: AuditStore, { rows, head }: Kept): AuditStore => ({
  ...base,
  findLogHead: async () => head,
  lockLog: async () => head,
  findEntries: async (_, from, to) => rows.filter(({ index }) => index >= from && index < to),
})

type Harm = (kept: Kept, made: { states: readonly Kept[]; other: Kept }, at: number, more: number) => Kept

const edited = (text: string, at: number): string => {
  const place = at % text.length
  return text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1)
}

/** What is done to the store. */
const harms: Readonly<Record<string, Harm>> = {
  edit: ({ rows, head }, _, at) => ({
    rows: rows.map((row, index) =>
      index === at ? { ...row, text: row.text.replace('first', 'second').replace('reason_', 'cause_') } : row,
    ),
    head,
  }),
  swap: ({ rows, head }, _, at) => {
    const next = (at + 1) % size
    const texts = rows.map(({ text }) => text)
    return {
      rows: rows.map((row, index) => ({ ...row, text: texts[index === at ? next : index === next ? at : index]! })),
      head,
    }
  },
  truncate: ({ rows, head }, _, at) => ({ rows: rows.slice(0, at), head }),
  fork: ({ rows }, { other }, at) => ({ rows: [...rows.slice(0, at), ...other.rows.slice(at)], head: other.head }),
  rollback: (_, { states }, at) => states[at % (size - 1)]!,
  duplicate: ({ rows, head }, _, at) => ({
    rows: [...rows.slice(0, at + 1), ...rows.slice(at).map(row => ({ ...row, index: row.index + 1 }))],
    head,
  }),
  bit: ({ rows, head }, _, at, more) => ({
    rows: rows.map((row, index) => (index === at ? { ...row, text: edited(row.text, more) } : row)),
    head,
  }),
  checkpoint: ({ rows, head }, _, __, more) => ({
    rows,
    head: { ...head, checkpoint: edited(head.checkpoint!, more) },
  }),
}

/** As an auditor sees it: texts that are no JSON are what they are. */
const shown = ({ rows, head }: Kept) => ({
  checkpoint: head.checkpoint,
  entries: rows.map(({ text }): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }),
})

/** What each harm may be told as: a changed last entry looks like another way that the log went. */
const told: Readonly<Record<string, readonly string[]>> = {
  edit: ['edit', 'fork'],
  swap: ['order'],
  truncate: ['truncation'],
  fork: ['fork'],
  rollback: ['rollback'],
  duplicate: ['duplicate', 'surplus'],
  bit: ['edit', 'fork', 'gap', 'duplicate', 'order'],
  checkpoint: ['checkpoint'],
}

const tampering = fc.record({
  harm: fc.constantFrom(...Object.keys(harms)),
  at: fc.nat(size - 1),
  more: fc.nat(100_000),
})

describe('what a checkpoint outside covers', () => {
  it('passes as it is, and grown since', async () => {
    const { log, states, outside } = await grown()
    expect(await checkLog(shown(states.at(-1)!), { kept: outside, logKey: log.verifierKey })).toEqual({
      ok: true,
      size,
    })
    const early = states[9]!.head.checkpoint!
    expect(await checkLog(shown(states.at(-1)!), { kept: early, logKey: log.verifierKey })).toEqual({ ok: true, size })
  })

  it('shows each of 10 000 random tamperings, and which kind it was', async () => {
    const made = await grown()
    const real = made.states.at(-1)!
    const counts = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(tampering, async ({ harm, at, more }) => {
        const verdict = await checkLog(shown(harms[harm]!(real, made, at, more)), {
          kept: made.outside,
          logKey: made.log.verifierKey,
        })
        expect(verdict).toMatchObject({ ok: false, code: 'log_corrupt' })
        if (!verdict.ok) expect(told[harm]).toContain(verdict.tampering)
        counts.set(harm, (counts.get(harm) ?? 0) + 1)
      }),
      { seed: 20261122, numRuns: 10_000 },
    )
    expect(counts.size).toBe(Object.keys(harms).length)
  }, 300_000)

  it('is not opened once it was tampered with, or is told by the checkpoint outside', async () => {
    const made = await grown()
    const real = made.states.at(-1)!
    const { store } = await world()
    await fc.assert(
      fc.asyncProperty(tampering, async ({ harm, at, more }) => {
        const opening = made.reopen({ store: storeOf(store, harms[harm]!(real, made, at, more)) })
        const log = await opening.catch(error => error.code)
        if (typeof log === 'string') {
          expect(log).toBe('log_corrupt')
          return
        }
        // A state that once was, or another with the key's signature: only who kept a checkpoint can tell.
        expect(['rollback', 'fork']).toContain(harm)
        await expect(log.proveInclusion(0, { checkpoint: made.outside })).rejects.toMatchObject({
          code: 'audit_consistency_invalid',
        })
      }),
      { seed: 20261122, numRuns: 500 },
    )
  }, 300_000)

  it.each([
    ['no log', undefined],
    ['another thing', { checkpoint: 7, entries: 7 }],
    ['no entries', { entries: undefined }],
    ['entries that cannot be gone through', { entries: 7 }],
  ])('is not shown by %s', async (_, what) => {
    const { log, states, outside } = await grown()
    const whole = what === undefined ? what : { ...shown(states.at(-1)!), ...what }
    const verdict = await checkLog(whole as never, { kept: outside, logKey: log.verifierKey })
    expect(verdict).toMatchObject({ ok: false, code: 'log_corrupt' })
  })

  it('must be told by a checkpoint of that log', async () => {
    const { log, states } = await grown()
    for (const kept of ['', 'x', undefined])
      await expect(checkLog(shown(states[0]!), { kept: kept as never, logKey: log.verifierKey })).rejects.toThrow(
        TypeError,
      )
  })
})
