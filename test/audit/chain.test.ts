/** The chain as an auditor walks it who has the entries and an older checkpoint. */
import { describe, expect, it } from 'vitest'
import { verifyChain } from '../../src/audit/chain.js'
import type { AuditEntry } from '../../src/audit/entry.js'
import { entryHash, linkTo } from '../../src/audit/entry.js'
import { generateSigner } from '../../src/core/keys.js'
import { VidimusError } from '../../src/errors.js'
import { act, hostile, refusal, world, worldOf } from './world.js'

const { log } = await worldOf(9)
const entries: AuditEntry[] = []
for await (const entry of log.entries()) entries.push(entry)
const head = await log.checkpoint()
const logKey = log.verifierKey
const last = linkTo(entryHash(entries.at(-1)!))

/** The same entries with the links made to fit again, as a forger would. */
function relinked(list: readonly AuditEntry[], beginning = entries[0]!.previous): AuditEntry[] {
  const chain: AuditEntry[] = []
  for (const [index, entry] of list.entries()) {
    const before = chain.at(-1)
    chain.push({ ...entry, index, previous: before === undefined ? beginning : linkTo(entryHash(before)) })
  }
  return chain
}

const at = (index: number, change: object) => entries.with(index, { ...entries[index]!, ...change })

describe('a chain', () => {
  it('holds as it comes from the log, as a list, and after a journey as JSON', async () => {
    const expected = { ok: true, from: 0, size: 9, head: last }
    expect(await verifyChain(log.entries())).toEqual(expected)
    expect(await verifyChain(entries, { head })).toEqual(expected)
    expect(await verifyChain(JSON.parse(JSON.stringify(entries)), { head, logKey })).toEqual(expected)
    expect(await verifyChain(new Set(entries), { head: last })).toEqual(expected)
    expect(Object.isFrozen(await verifyChain(entries))).toBe(true)
  })

  it('of an empty log is empty', async () => {
    const { log } = await world()
    const expected = { ok: true, from: 0, size: 0, head: entries[0]!.previous }
    expect(await verifyChain(log.entries(), { head: await log.checkpoint(), logKey: log.verifierKey })).toEqual(
      expected,
    )
    expect(await verifyChain([])).toEqual(expected)
  })

  it('may be a part when it is said where it begins', async () => {
    expect(await verifyChain(entries.slice(4), { from: 4 })).toEqual({ ok: true, from: 4, size: 9, head: last })
    expect(await verifyChain(entries.slice(4), { from: 4, head: last })).toMatchObject({ ok: true })
    expect(await verifyChain(log.entries({ from: 4, to: 6 }), { from: 4 })).toMatchObject({ ok: true, size: 6 })
    expect(await verifyChain(entries.slice(4))).toMatchObject(refusal('audit_chain_broken', { at: 'index' }))
    expect(await verifyChain(entries.slice(4), { from: 3 })).toMatchObject(refusal('audit_chain_broken'))
    expect(await verifyChain(at(6, { reason: 'lost' }).slice(4), { from: 4 })).toMatchObject(
      refusal('audit_chain_broken'),
    )
    expect(await verifyChain([], { from: 4 })).toMatchObject(refusal('audit_chain_broken', { at: 'entries' }))
  })

  it.each<[string, unknown[]]>([
    ['an entry edited', at(3, { reason: 'lost' })],
    ['the first entry edited', at(0, { reason: 'lost' })],
    ['a time edited', at(3, { time: '2026-11-22T09:00:00Z' })],
    ['an entry removed', entries.toSpliced(3, 1)],
    ['an entry removed and the rest renumbered', entries.toSpliced(3, 1).map((entry, index) => ({ ...entry, index }))],
    ['an entry inserted', entries.toSpliced(3, 0, entries[3]!)],
    ['two entries swapped', entries.with(3, entries[4]!).with(4, entries[3]!)],
    [
      'two entries swapped and renumbered',
      entries.with(3, { ...entries[4]!, index: 3 }).with(4, { ...entries[3]!, index: 4 }),
    ],
    ['the first entries missing', entries.slice(2)],
    ['another beginning', at(0, { previous: last })],
    ['another beginning and the rest rewritten', relinked(entries, last)],
    ['a time that runs backwards', relinked(at(3, { time: '2026-11-22T09:00:00Z' }))],
  ])('is broken with %s, also for someone without a checkpoint', async (_, list) => {
    expect(await verifyChain(list)).toMatchObject(refusal('audit_chain_broken'))
  })

  it.each<[string, unknown[]]>([
    ['the last entry edited', at(8, { reason: 'lost' })],
    ['the last entry missing', entries.slice(0, -1)],
    ['no entries', []],
    ['all rewritten so that they fit', relinked(at(3, { reason: 'lost' }))],
    ['an entry removed and the rest rewritten', relinked(entries.toSpliced(3, 1))],
    ['an entry inserted and the rest rewritten', relinked(entries.toSpliced(3, 0, entries[3]!))],
    ['two entries swapped and the rest rewritten', relinked(entries.with(3, entries[4]!).with(4, entries[3]!))],
    ['an entry added', relinked([...entries, entries[0]!])],
  ])('is broken with %s for whoever holds a checkpoint or the last hash', async (_, list) => {
    expect(await verifyChain(list, { head })).toMatchObject(refusal('audit_chain_broken'))
    expect(await verifyChain(list, { head: last })).toMatchObject(refusal('audit_chain_broken'))
  })

  it('says that entries are missing rather than that the root differs', async () => {
    expect(await verifyChain(entries.slice(0, -1), { head })).toMatchObject(
      refusal('audit_chain_broken', { at: 'size', expected: 9, actual: 8 }),
    )
  })

  it('without a checkpoint cannot show what was cut from its end', async () => {
    expect(await verifyChain(entries.slice(0, -1))).toMatchObject({ ok: true, size: 8 })
  })

  it('goes to a checkpoint whose signature holds, if the key is given', async () => {
    const stranger = await world({ signer: await generateSigner('EdDSA') })
    expect(await verifyChain(entries, { head, logKey: stranger.log.verifierKey })).toMatchObject(
      refusal('checkpoint_signature_missing'),
    )
    const forged = head.replace(/(.)=\n/, (_, last) => `${last === 'A' ? 'E' : 'A'}=\n`)
    expect(forged).not.toBe(head)
    expect(await verifyChain(entries, { head: forged, logKey })).toMatchObject(refusal('checkpoint_signature_invalid'))
    expect(await verifyChain(entries, { head: forged })).toMatchObject(refusal('audit_chain_broken', { at: 'root' }))
    expect(await verifyChain(entries, { head: 'checkpoint' })).toMatchObject(refusal('checkpoint_malformed'))
  })

  it.each(hostile().filter(([name]) => !['an empty list', 'a text', 'a huge text'].includes(name)))(
    'that is %s is a refusal and no throw',
    async (_, value) => {
      expect((await verifyChain(value)).ok).toBe(false)
      expect((await verifyChain([value])).ok).toBe(false)
    },
  )

  it.each(['', 'entries', [undefined], [null], [{}], ['{}']])('that is %j holds no entry', async value => {
    const verdict = await verifyChain(value)
    if (value === '') expect(verdict).toMatchObject({ ok: true, size: 0 })
    else expect(verdict).toMatchObject(refusal('audit_entry_malformed'))
  })

  it('that fails while it is read is a refusal, and keeps the code that it failed with', async () => {
    async function* failing(error: unknown) {
      yield* entries.slice(0, 3)
      throw error
    }
    expect(await verifyChain(failing(new Error('disk')))).toMatchObject(
      refusal('audit_chain_broken', { at: 'entries' }),
    )
    expect(await verifyChain(failing(new VidimusError('log_corrupt')))).toMatchObject(refusal('log_corrupt'))
  })

  it('is not walked on after the signal has fired', async () => {
    const controller = new AbortController()
    const reason = new Error('stop')
    async function* aborting() {
      yield entries[0]
      controller.abort(reason)
      yield entries[1]
    }
    await expect(verifyChain(aborting(), { signal: controller.signal })).rejects.toBe(reason)
  })

  it.each([
    ['a head that is no text', { head: 7 }, '`head` must be a checkpoint or a hash'],
    ['a key without a head', { logKey }, '`logKey` goes with a checkpoint'],
    ['a key with a hash for a head', { logKey, head: last }, '`logKey` goes with a checkpoint'],
    ['a key that is none', { head, logKey: 'x' }, '`logKey` must be'],
    ['a checkpoint over a part', { head, from: 3 }, '`head` must be the hash of an entry'],
  ])('is not looked at with %s', async (_, options, message) => {
    const refused = verifyChain(undefined, options as never)
    await expect(refused).rejects.toThrow(TypeError)
    await expect(refused).rejects.toThrow(message)
  })

  it.each([-1, 0.5, Number.NaN])('does not begin at %s', async from => {
    await expect(verifyChain(undefined, { from })).rejects.toThrow(RangeError)
  })
})

it('what fits an entry of one log does not fit in another', async () => {
  const other = await world()
  await other.log.append(act())
  const foreign: AuditEntry[] = []
  for await (const entry of other.log.entries()) foreign.push(entry)
  expect(await verifyChain([...foreign, ...entries.slice(1)])).toMatchObject(refusal('audit_chain_broken'))
})
