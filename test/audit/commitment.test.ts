/** Whom entries name: nobody without a key, and nobody for ever once the key is erased. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditAct, IdentifierName } from '../../src/audit/act.js'
import { verifyChain } from '../../src/audit/chain.js'
import { membersNaming, type Opening } from '../../src/audit/commitment.js'
import { verifyConsistency, verifyInclusion } from '../../src/audit/proof.js'
import { base64url, concatBytes, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { failing, memoryStore, world } from './world.js'

const names = ['subject', 'actorId', 'device', 'address'] as const
const who = { subject: 'anna', actorId: 'operator 17', device: 'counter 3', address: '192.0.2.7' }
const issue: AuditAct = { kind: 'issue', actor: 'operator', reason: 'first_issue' }
const { log } = await world()
const { entry } = await log.append({ ...issue, ...who })

describe('a commitment', () => {
  it('stands in an entry for everything that identifies somebody, and nothing of it can be read there', () => {
    for (const name of names) expect(entry[name]).toMatch(/^[\w-]{43}$/)
    expect(entry.salt).toMatch(/^[\w-]{22}$/)
    for (const identifier of Object.values(who)) expect(JSON.stringify(entry)).not.toContain(identifier)
  })

  it.each(names)(
    'to %s is an HMAC over salt, member and identifier that anyone with the key can compute',
    async name => {
      const { identifier, key } = await log.opening(who[name])
      const text = concatBytes(fromBase64url(entry.salt!), utf8(`${name}\0${identifier}`))
      const { subtle } = globalThis.crypto
      const own = await subtle.importKey(
        'raw',
        new Uint8Array(fromBase64url(key)),
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['sign'],
      )
      expect(base64url(new Uint8Array(await subtle.sign('HMAC', own, new Uint8Array(text))))).toBe(entry[name])
    },
  )

  it('tells apart the members that name one person, to everyone without the key', async () => {
    const { entry } = await log.append({ ...issue, subject: 'anna', actorId: 'anna' })
    expect(entry.subject).not.toBe(entry.actorId)
    expect(await membersNaming(entry, await log.opening('anna'))).toEqual(['subject', 'actorId'])
  })

  it('is another one in every entry', async () => {
    const again = (await log.append({ ...issue, ...who })).entry
    for (const name of [...names, 'salt'] as const) expect(again[name]).not.toBe(entry[name])
    expect(await membersNaming(again, await log.opening('operator 17'))).toEqual(['actorId'])
  })

  it('takes the keys of its identifiers in one order, each once, so that writers do not wait crosswise', async () => {
    const store = memoryStore()
    const asked: string[] = []
    const { log } = await world({
      store: {
        ...store,
        keepSubjectKeys: (transaction, named) => {
          asked.push(...named.map(({ subject }) => subject))
          return store.keepSubjectKeys(transaction, named)
        },
      },
    })
    const act = { ...issue, subject: 'c', actorId: 'a', device: 'b', address: 'a' }
    await log.append(act)
    expect(asked.splice(0)).toEqual(['a', 'b', 'c'])
    await store.transaction(open => log.record(act, open))
    expect(asked).toEqual(['a', 'b', 'c'])
  })

  it('is the log’s to make: none is taken from a caller', async () => {
    for (const member of ['actorDigest', 'contextDigest', 'salt'])
      await expect(log.append({ ...issue, [member]: 'A'.repeat(43) } as AuditAct)).rejects.toMatchObject(
        failing('audit_entry_malformed'),
      )
  })

  it.each(names)('is made to no `%s` that is none', async name => {
    for (const value of ['', 'x'.repeat(1025), '\ud83d', 7, null, {}])
      await expect(log.append({ ...issue, [name]: value } as AuditAct)).rejects.toMatchObject(
        failing('audit_entry_malformed', { at: name }),
      )
  })

  it('needs its salt, and a salt its commitment', async () => {
    const proof = await log.proveInclusion(0)
    const { salt: _, ...unsalted } = proof.entry
    const { subject, actorId, device, address, ...alone } = proof.entry
    for (const [harmed, at] of [
      [unsalted, 'salt'],
      [alone, 'salt'],
      [{ ...proof.entry, device: 'counter 3' }, 'device'],
      [{ ...proof.entry, actorId: 7 }, 'actorId'],
    ])
      expect(await verifyInclusion({ ...proof, entry: harmed }, { logKey: log.verifierKey })).toMatchObject({
        ok: false,
        code: 'audit_entry_malformed',
        at,
      })
  })

  it('is not looked for without an opening, nor in what is no entry', async () => {
    const { key } = await log.opening('anna')
    for (const opening of [
      undefined,
      {},
      { identifier: 'anna' },
      { identifier: '', key },
      { identifier: 'anna', key: 'A' },
    ])
      await expect(membersNaming(entry, opening as Opening)).rejects.toThrow(TypeError)
    await expect(membersNaming({ ...entry, index: -1 }, { identifier: 'anna', key })).rejects.toMatchObject(
      failing('audit_entry_malformed', { at: 'index' }),
    )
    await expect(log.opening('nobody')).rejects.toMatchObject(failing('audit_subject_unknown'))
    await expect(log.opening('')).rejects.toThrow(TypeError)
  })
})

describe('an erased key', () => {
  it.each(names)('of what `%s` named leaves entries that name nobody there, and every proof', async name => {
    const store = memoryStore()
    const { log } = await world({ store })
    await log.append({ ...issue, ...who })
    const kept = await log.checkpoint()
    const { key } = await log.opening(who[name])
    const forgotten = await log.forget(who[name])
    expect(JSON.stringify(forgotten.entry)).not.toContain(who[name])
    await expect(log.opening(who[name])).rejects.toMatchObject(failing('audit_subject_unknown'))
    await store.transaction(async open => expect(await store.findSubjectKey(open, who[name])).toBeUndefined())

    // Whoever guesses the identifier has a fresh key at most, and it opens nothing.
    await log.append({ ...issue, ...who })
    const { entry } = await log.proveInclusion(0)
    expect((await log.opening(who[name])).key).not.toBe(key)
    expect(await membersNaming(entry, await log.opening(who[name]))).toEqual([])
    for (const other of names.filter(other => other !== name))
      expect(await membersNaming(entry, await log.opening(who[other]))).toEqual([other])

    const logKey = log.verifierKey
    const to = await log.checkpoint()
    expect(await verifyInclusion(await log.proveInclusion(0), { logKey })).toMatchObject({ ok: true })
    expect(await verifyConsistency(await log.proveConsistency(1), { from: kept, to, logKey })).toMatchObject({
      ok: true,
    })
    expect(await verifyChain(log.entries(), { head: to, logKey })).toMatchObject({ ok: true, size: 3 })
  })

  it('of a person who was subject and actor leaves neither', async () => {
    const { log } = await world()
    await log.append({ ...issue, subject: 'anna', actorId: 'anna' })
    await log.forget('anna')
    await log.append({ ...issue, subject: 'anna' })
    const { entry } = await log.proveInclusion(0)
    expect(await membersNaming(entry, await log.opening('anna'))).toEqual([])
  })
})

it('names in every entry exactly those who were named, whoever they are', async () => {
  const person = fc.constantFrom('anna', 'boris', 'subject\0anna', 'anna\0', 'я')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ subject: person, actorId: person, device: person, address: person }, { requiredKeys: [] }), {
        minLength: 1,
        maxLength: 6,
      }),
      async acts => {
        const { log } = await world()
        for (const identifiers of acts) await log.append({ ...issue, ...identifiers })
        const named = new Set(acts.flatMap(identifiers => Object.values(identifiers)))
        for (const [index, identifiers] of acts.entries())
          for (const identifier of named) {
            const expected = names.filter((name: IdentifierName) => identifiers[name] === identifier)
            const { entry } = await log.proveInclusion(index)
            expect(await membersNaming(entry, await log.opening(identifier))).toEqual(expected)
          }
      },
    ),
    { seed: 20261122, numRuns: 30 },
  )
})
