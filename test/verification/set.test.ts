/** Presentations that belong together: all or nothing, to one holder. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { definePassport } from '../../src/passport/definition.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { type RefusedSet, type VerifiedSet, verifyPresentationSet } from '../../src/verification/set.js'
import { encode, forge } from '../forge.js'
import { isDeepFrozen } from '../refusal.js'
import { audience, expectations, guildCard, issuer, makeWorld, nonce, now } from '../world.js'
import { notText } from './arguments.js'

const world = await makeWorld()

const libraryCard = definePassport({
  name: 'library-card',
  vct: ['https://library.example/card/1', 'https://library.example/card/0'],
  docType: 'example.library.card.1',
  fields: {
    reader: { schema: z.string(), claim: 'reader' },
    shelf: { schema: z.string(), claim: 'shelf', optional: true },
  },
})

async function libraryPresentation(holder: Signer, change: object = {}): Promise<string> {
  const credential = await issueSdJwtCredential(
    libraryCard,
    { reader: 'Specimen Reader', shelf: 'Specimen Shelf' },
    {
      issuer,
      signer: world.signer,
      holderKey: holder.publicJwk,
      now,
    },
  )
  return presentSdJwt(credential, { disclose: [['reader']], audience, nonce, signer: holder, now, ...change })
}

const guild = world.presentation
const library = await libraryPresentation(world.holder)

const { expectedPassport: _one, ...shared } = expectations(world)
const expected = {
  guild: { expectedPassport: guildCard, require: ['familyName'] },
  library: { expectedPassport: libraryCard, require: ['reader'] },
} as const
const judge = (presentations: unknown, options: object = {}) =>
  verifyPresentationSet(presentations, { ...shared, expect: expected, ...options })

/** The code and the failed checks of the set, after looking that nothing of any member comes out. */
function refusal(verdict: VerifiedSet<typeof expected> | RefusedSet): string {
  expect(verdict.ok).toBe(false)
  if (verdict.ok) return 'accepted'
  expect(Object.keys(verdict).sort()).toEqual(['checks', 'code', 'ok', 'verdicts'])
  const text = JSON.stringify(verdict)
  expect(text).not.toContain('Specimen')
  for (const piece of [...guild.split(/[.~]/), ...library.split(/[.~]/)].filter(({ length }) => length > 20))
    expect(text).not.toContain(piece)
  for (const member of Object.values(verdict.verdicts)) {
    expect(member).not.toHaveProperty('claims')
    expect(member).not.toHaveProperty('otherClaims')
    expect(member.ok).toBe(false)
    expect(member.evidence.attachments).toEqual({})
    expect(member.evidence.outcome).toBe(member.code)
  }
  expect(isDeepFrozen(verdict)).toBe(true)
  const failed = verdict.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code)
  return [verdict.code, ...failed].join(' / ')
}

describe('a set that is whole', () => {
  it('is accepted by name, with the claims of each', async () => {
    const verdict = await judge({ library, guild })
    if (!verdict.ok) throw new Error(verdict.code)
    expectTypeOf(verdict.verdicts.guild.claims.familyName).toEqualTypeOf<string>()
    expectTypeOf(verdict.verdicts.guild.claims.givenName).toEqualTypeOf<string | undefined>()
    expectTypeOf(verdict.verdicts.library.claims.reader).toEqualTypeOf<string>()
    expectTypeOf(verdict.verdicts.library.passport).toEqualTypeOf<'library-card'>()
    expect(verdict.verdicts.guild.claims).toMatchObject({ familyName: 'Specimen', rank: 7 })
    expect(verdict.verdicts.library.claims).toEqual({ reader: 'Specimen Reader' })
    expect(verdict.holderKey).toEqual(world.holder.publicJwk)
    expect(verdict.checks).toEqual([{ id: 'presentation_set', outcome: 'passed', clause: 'verifier policy' }])
    expect(isDeepFrozen(verdict)).toBe(true)
    expect(
      (
        await reverifyEvidence(verdict.verdicts.library.evidence, {
          trust: shared.trust,
          expectedPassport: libraryCard,
        })
      ).ok,
    ).toBe(true)
  })

  it('is accepted as a list, told apart by type', async () => {
    for (const list of [
      [guild, library],
      [library, guild],
    ]) {
      const verdict = await judge(list)
      expect(verdict.ok && verdict.verdicts.library.claims.reader).toBe('Specimen Reader')
    }
  })

  it('may be one alone', async () => {
    const expect1 = { guild: expected.guild }
    for (const presentations of [{ guild }, [guild]])
      expect((await verifyPresentationSet(presentations, { ...shared, expect: expect1 })).ok).toBe(true)
  })

  it('may hold two of one type, in the order they are expected', async () => {
    const second = await forge(world)
    const two = { one: { expectedPassport: guildCard }, two: { expectedPassport: [guildCard, libraryCard] } }
    const verdict = await verifyPresentationSet([guild, second], { ...shared, expect: two })
    expect(verdict.ok && Object.keys(verdict.verdicts)).toEqual(['one', 'two'])
    expect(verdict.ok && verdict.verdicts.one.claims.languages).toEqual(['ia'])
  })

  it('may not have one count for two', async () => {
    const two = { one: { expectedPassport: guildCard }, two: { expectedPassport: guildCard } }
    for (const presentations of [[guild, guild], { one: guild, two: guild }]) {
      const verdict = await verifyPresentationSet(presentations, { ...shared, expect: two })
      expect(verdict.ok || verdict.code).toBe('presentation_set_unexpected')
    }
  })

  it('takes a credential by one of its further types', async () => {
    const kin = await forge(world, { payload: { vct: 'https://union.example/1', aka_vcts: [guildCard.vct[0]] } })
    expect((await judge([library, kin])).ok).toBe(true)
  })
})

describe('a set that is not whole', () => {
  const incomplete = 'presentation_set_incomplete / presentation_set_incomplete'
  const unexpected = 'presentation_set_unexpected / presentation_set_unexpected'

  it('is refused for what is missing, naming it', async () => {
    for (const presentations of [{ guild }, [guild], {}, []])
      expect(refusal(await judge(presentations))).toBe(incomplete)
    const verdict = await judge({ guild })
    expect(verdict.checks[0]).toMatchObject({ id: 'presentation_set', at: 'library' })
    expect(Object.keys(verdict.verdicts)).toEqual(['guild'])
  })

  it('is refused for what nobody asked for', async () => {
    expect(refusal(await judge({ guild, library, other: guild }))).toBe(unexpected)
    expect(refusal(await judge({ guild, library, other: undefined }))).toBe(unexpected)
    expect(refusal(await judge([guild, library, 'x']))).toBe(unexpected)
    expect(refusal(await judge(['x', guild, library]))).toBe(unexpected)
    expect(refusal(await judge([guild, library, guild]))).toBe(unexpected)
    expect(refusal(await judge([guild, library, undefined]))).toBe(unexpected)
    expect(refusal(await judge([...Array.from({ length: 1000 }, () => guild), library]))).toBe(incomplete)
  })

  it('is refused for one that does not hold, with its reason, and no claims of the good ones', async () => {
    const late = await libraryPresentation(world.holder, { nonce: 'other' })
    expect(refusal(await judge({ guild, library: late }))).toBe('key_binding_nonce_mismatch')
    expect(refusal(await judge({ guild: library, library: guild }))).toBe('type_not_expected')
    expect(refusal(await judge({ guild, library: 7 }))).toBe('input_not_text')
    const credential = guild.slice(0, guild.lastIndexOf('~') + 1)
    expect(refusal(await judge([credential, library]))).toBe('key_binding_missing')
  })

  it('keeps the reason of each that does not hold, and is refused for the first that was expected', async () => {
    const late = await libraryPresentation(world.holder, { nonce: 'other' })
    const verdict = await judge({ library: late, guild: 'x' })
    if (verdict.ok) throw new Error('accepted')
    expect([verdict.code, verdict.verdicts['guild']?.code, verdict.verdicts['library']?.code]).toEqual([
      'format_unknown',
      'format_unknown',
      'key_binding_nonce_mismatch',
    ])
  })

  it('keeps the checks of the good ones and withdraws their evidence', async () => {
    const verdict = await judge({ guild })
    if (verdict.ok) throw new Error('accepted')
    const { guild: withdrawn } = verdict.verdicts as { guild: (typeof verdict.verdicts)[string] }
    expect(withdrawn.format).toBe('dc+sd-jwt')
    expect(withdrawn.checks.some(({ outcome }) => outcome === 'failed')).toBe(false)
    const alone = await verifyPresentationSet({ guild }, { ...shared, expect: { guild: expected.guild } })
    const { digest: _old, attachments: _parts, outcome: _outcome, ...facts } = alone.verdicts['guild']!.evidence
    expect(withdrawn.evidence).toMatchObject(facts)
    const again = { trust: shared.trust, expectedPassport: guildCard }
    expect(await reverifyEvidence(withdrawn.evidence, again)).toMatchObject({ code: 'evidence_attachment_missing' })
    expect(await reverifyEvidence(withdrawn.evidence, { ...again, attachment: () => guild })).toMatchObject({
      ok: true,
    })
  })

  it('is refused for two holders, though each holds their own', async () => {
    const other = await generateSigner('ES256')
    const foreign = await libraryPresentation(other)
    expect(refusal(await judge({ guild, library: foreign }))).toBe(
      'presentation_set_holder_mismatch / presentation_set_holder_mismatch',
    )
    expect(refusal(await judge([guild, foreign]))).toBe(
      'presentation_set_holder_mismatch / presentation_set_holder_mismatch',
    )
  })

  it('is refused when only the third is another’s', async () => {
    const [card, other] = [{ expectedPassport: guildCard }, await generateSigner('ES256')]
    const foreign = await forge(world, { holder: other, payload: { cnf: { jwk: other.publicJwk } } })
    const options = { ...shared, expect: { one: card, two: card, three: card } }
    const verdict = await verifyPresentationSet({ one: guild, two: await forge(world), three: foreign }, options)
    expect(verdict).toMatchObject({ code: 'presentation_set_holder_mismatch' })
  })
})

describe('a set from anywhere', () => {
  const incomplete = 'presentation_set_incomplete / presentation_set_incomplete'

  it('is a verdict, whatever it is', async () => {
    for (const [name, input] of notText) expect([name, refusal(await judge(input))]).toEqual([name, incomplete])
    for (const input of ['x', guild, new Uint8Array(8), new Map([['guild', guild]]), new Set([guild]), new Array(1e9)])
      expect(refusal(await judge(input))).toBe(incomplete)
  })

  it('has members that are hostile, each of which is a verdict', async () => {
    for (const [name, input] of notText)
      expect([name, refusal(await judge({ guild, library: input }))]).toEqual([name, 'input_not_text'])
    for (const [, input] of notText) expect(refusal(await judge([guild, input]))).toBe(incomplete)
  })

  it('has members that throw when they are read', async () => {
    const fail = (): string => {
      throw new Error('a trap')
    }
    const throwing = {
      guild,
      get library() {
        return fail()
      },
    }
    expect(refusal(await judge(throwing))).toBe(incomplete)
    const list = [guild, library]
    Object.defineProperty(list, 0, { get: fail })
    expect(refusal(await judge(list))).toBe(incomplete)
    expect(refusal(await judge(new Proxy([guild, library], { get: fail })))).toBe(incomplete)
    expect(refusal(await judge(new Proxy({ guild, library }, { ownKeys: fail })))).toBe(incomplete)
  })

  it('reads own members only', async () => {
    expect(refusal(await judge(Object.create({ guild, library })))).toBe(incomplete)
    expect(refusal(await judge(JSON.parse('{"__proto__":{"guild":"x","library":"x"}}')))).toBe(incomplete)
  })

  it('whose list claims types it does not have is told apart by nothing else', async () => {
    const liar = `${encode('{"alg":"ES256","typ":"dc+sd-jwt"}')}.${encode(JSON.stringify({ vct: libraryCard.vct[1] }))}.AAAA~`
    expect(refusal(await judge([guild, liar]))).toBe('signature_invalid')
    for (const text of ['~', 'a.b.c~', '', 'x'.repeat(5 * 1024 * 1024), `${library}${'A'.repeat(5 * 1024 * 1024)}`])
      expect(refusal(await judge([guild, text]))).toBe(incomplete)
  })
})

describe('the options of a set', () => {
  const mistaken = async (options: object, message: RegExp) =>
    expect(judge({ guild, library }, options)).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) }),
    )

  it('are checked for each expectation', async () => {
    for (const one of [undefined, null, 7, 'x']) await mistaken({ expect: { guild: one } }, /`expect.guild`/)
    await mistaken({ expect: { guild: {} } }, /`expectedPassport`/)
    await mistaken({ expect: { guild: { expectedPassport: guildCard, require: ['reader'] } } }, /`require`/)
  })

  it('are shared: an expectation says what, and nothing else', async () => {
    const expect1 = { guild: { expectedPassport: guildCard, expectedNonce: 'other', trust: undefined } }
    expect((await verifyPresentationSet({ guild }, { ...shared, expect: expect1 })).ok).toBe(true)
  })

  it('know the fields of each passport', () => {
    const call = () =>
      verifyPresentationSet([], {
        ...shared,
        expect: {
          guild: {
            expectedPassport: guildCard,
            // @ts-expect-error: the guild card has no reader
            require: ['reader'],
          },
        },
      })
    void call().catch(() => undefined)
    expect(call).toBeTypeOf('function')
  })

  it('read the clock once, take any name, and must expect something', async () => {
    const card = { expectedPassport: guildCard }
    let reads = 0
    const clock = () => (reads++ === 0 ? now() : new Date('2099-01-01T00:00:00Z'))
    expect(
      (await verifyPresentationSet({ guild }, { ...shared, now: clock, expect: { guild: card } })).ok && reads,
    ).toBe(1)
    for (const name of ['__proto__', 'constructor'])
      for (const [text, ok] of [
        [guild, true],
        ['x', false],
      ] as const) {
        const options = { ...shared, expect: Object.fromEntries([[name, card]]) }
        const verdict = await verifyPresentationSet(Object.fromEntries([[name, text]]), options)
        expect([verdict.ok, Object.keys(verdict.verdicts)]).toEqual([ok, [name]])
      }
    await expect(verifyPresentationSet({}, { ...shared, expect: {} })).rejects.toThrow(/`expect`/)
  })
})
