/** Credentials that were logged before they were signed, and everything that only says so. */
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { digestText } from '#crypto'
import { logIssuance } from '../../src/audit/issuance.js'
import { type AuditLog, openAuditLog } from '../../src/audit/log.js'
import { base64url, concatBytes, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { canonicalJson } from '../../src/core/canonical-json.js'
import type { JsonObject } from '../../src/core/json.js'
import { decodeJws } from '../../src/core/jws.js'
import { generateSigner } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import type { LogIssuance } from '../../src/credential/logging.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { issueVcJwtCredential } from '../../src/credential/vc-jwt.js'
import { readIssuerSigned } from '../../src/formats/mdoc/issuer-signed.js'
import { type IssuanceProof, logProofHeader, logProofLabel } from '../../src/formats/tlog/logged.js'
import { presentMdoc } from '../../src/presentation/mdoc.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { memoryStore } from '../../src/store/memory.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import type { VerificationOptions } from '../../src/verification/policy.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import { type Anchor, trustAnchors } from '../../src/verification/trust.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { day, sign } from '../forge.js'
import { harbour, harbourPass, landing } from '../harbour.js'
import { forgeMdoc, makeMdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { summary } from '../refusal.js'
import { audience, expectations, guildCard, instant, issuer, makeWorld, nonce, now, record, seconds } from '../world.js'

const origin = 'passport.example/log'

/** A log with entries before and after, so that proofs have hashes. */
async function makeLog(name = origin): Promise<AuditLog> {
  const log = await openAuditLog({ store: memoryStore(), origin: name, signer: await generateSigner('EdDSA'), now })
  for (const reason of ['lost', 'expired', 'renamed'])
    await log.append({ kind: 'suspend', actor: 'operator', reason, statusValue: 'suspended', subject: 'somebody else' })
  return log
}

const act = { actor: 'operator', reason: 'first_issue', subject: 'citizen 7' } as const

const world = await makeWorld()
const log = await makeLog()
const logged = logIssuance(log, act)
const believed: Anchor = { logKey: log.verifierKey, purposes: ['log'] }
const trusting = (...anchors: readonly Anchor[]) => ({ trust: trustAnchors([world.anchor, ...anchors]) })
const demands = { ...expectations(world), ...trusting(believed), requireLogged: true }

const options = { issuer, signer: world.signer, holderKey: world.holder.publicJwk, now }
const credential = await issueSdJwtCredential(guildCard, record, { ...options, log: logged })

const present = (of: string) =>
  presentSdJwt(of, { disclose: [['family_name']], audience, nonce, signer: world.holder, now })

type Changed = Partial<Pick<VerificationOptions, 'trust' | 'requireLogged' | 'clockTolerance'>>

const verdictOf = async (of: string, changed: Changed = {}) =>
  verifySdJwtPresentation(await present(of), { ...demands, ...changed })

const headerOf = (of: string): JsonObject => decodeJws(of.slice(0, of.indexOf('~'))).header
const proofOf = (of: string) => headerOf(of)[logProofHeader] as unknown as IssuanceProof

/** The credential with another header or payload, signed again with the issuer's own key: it was stolen. */
async function resigned(of: string, change: { readonly header?: object; readonly payload?: object }): Promise<string> {
  const [jwt = '', ...rest] = of.split('~')
  const { header, payload } = decodeJws(jwt)
  const [, text = ''] = jwt.split('.')
  const signed = await sign(
    JSON.stringify({ ...header, ...change.header }),
    change.payload === undefined
      ? new TextDecoder().decode(fromBase64url(text))
      : JSON.stringify({ ...payload, ...change.payload }),
    world.signer,
  )
  return [signed, ...rest].join('~')
}

const withProof = (change: object, of = credential) =>
  resigned(of, { header: { [logProofHeader]: { ...proofOf(of), ...change } } })

/** The entry's text with other members. */
const entryWith = (change: object, of = credential) => ({
  entry: canonicalJson({ ...JSON.parse(proofOf(of).entry), ...change } as JsonObject),
})

/** What a log would answer that records this act for a payload it did not choose. */
async function proofOfAct(of: string, change: object, from = log): Promise<Partial<IssuanceProof>> {
  const { index } = await from.append({ ...act, kind: 'issue', format: 'dc+sd-jwt', passport: 'guild-card', ...change })
  const { entry, hashes, checkpoint } = await from.proveInclusion(index)
  return { entry: canonicalJson(entry as unknown as JsonObject), hashes, checkpoint, salt: proofOf(of).salt }
}

const digestOf = (of: string): string => JSON.parse(proofOf(of).entry).credentialDigest as string

const flippedBit = (text: string): string => {
  const bytes = fromBase64url(text).slice()
  bytes[0]! ^= 1
  return base64url(bytes)
}

describe('a logged SD-JWT VC', () => {
  it('carries entry, proof, checkpoint and salt in its protected header, and is accepted without a network', async () => {
    const { entry, hashes, checkpoint, salt, ...others } = proofOf(credential)
    expect(others).toEqual({})
    expect(JSON.parse(entry)).toMatchObject({ kind: 'issue', actor: 'operator', format: 'dc+sd-jwt', index: 3 })
    expect([hashes.length, checkpoint.split('\n')[0], fromBase64url(salt).length]).toEqual([2, origin, 32])
    expect(headerOf(credential)).not.toHaveProperty('crit')
    const verdict = await verdictOf(credential)
    expect(summary(verdict)).toBe('accepted')
    expect(verdict.checks.find(({ id }) => id === 'logged')).toMatchObject({ outcome: 'passed' })
  })

  it('is committed to in every byte of its payload, under a salt that no two share', async () => {
    const again = await issueSdJwtCredential(guildCard, record, { ...options, log: logged })
    for (const one of [credential, again]) {
      const payload = fromBase64url(one.split('.')[1]!)
      const salted = concatBytes(fromBase64url(proofOf(one).salt), payload)
      expect(digestOf(one)).toBe(await digestText('sha-256', salted))
      expect(digestOf(one)).not.toBe(await digestText('sha-256', payload))
    }
    expect(proofOf(again).salt).not.toBe(proofOf(credential).salt)
  })

  it('tells the log nothing of the person', async () => {
    let told = ''
    for await (const entry of log.entries()) told += JSON.stringify(entry)
    for (const secret of ['Specimen', 'Ana', '2001', 'citizen 7', proofOf(credential).salt])
      expect(told).not.toContain(secret)
  })

  it('passes under any of several believed logs, and with the log named for its issuer and passport', async () => {
    const other = await makeLog('other.example/log')
    const second: Anchor = { logKey: other.verifierKey, purposes: ['log'] }
    expect(summary(await verdictOf(credential, trusting(second, believed)))).toBe('accepted')
    const named = { ...believed, issuer, passports: [guildCard] }
    expect(summary(await verdictOf(credential, trusting(named)))).toBe('accepted')
  })

  it('passes as another act of issuing does: a reissue', async () => {
    const again = logIssuance(log, { ...act, kind: 'reissue', reason: 'renamed' })
    expect(summary(await verdictOf(await issueSdJwtCredential(guildCard, record, { ...options, log: again })))).toBe(
      'accepted',
    )
  })

  it('is like any other to a verifier who does not ask, whatever its proof says', async () => {
    for (const text of [
      credential,
      await withProof({ hashes: [] }),
      await resigned(credential, { payload: { rank: 8 } }),
    ]) {
      const verdict = await verdictOf(text, { requireLogged: false })
      expect(summary(verdict)).toBe('accepted')
      expect(verdict.checks.find(({ id }) => id === 'logged')).toMatchObject({ code: 'not_requested' })
    }
  })
})

describe('a credential that is demanded to be logged', () => {
  const cases: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['that never was', async () => world.credential, 'log_proof_missing'],
    [
      'whose header was stripped',
      () => resigned(credential, { header: { [logProofHeader]: undefined } }),
      'log_proof_missing',
    ],
    [
      'with the proof in its payload',
      () =>
        resigned(credential, {
          header: { [logProofHeader]: undefined },
          payload: { [logProofHeader]: proofOf(credential) },
        }),
      'log_proof_missing',
    ],
    [
      'with another payload under the same header',
      () => resigned(credential, { payload: { rank: 8 } }),
      'log_entry_mismatch',
    ],
    [
      'with the payload written with other white space',
      async () => {
        const [jwt = '', ...rest] = credential.split('~')
        const { header, payload } = decodeJws(jwt)
        return [await sign(JSON.stringify(header), JSON.stringify(payload, null, 1), world.signer), ...rest].join('~')
      },
      'log_entry_mismatch',
    ],
    [
      'with the proof of another credential',
      async () => {
        const other = await issueSdJwtCredential(guildCard, { ...record, rank: 1 }, { ...options, log: logged })
        return withProof(proofOf(other))
      },
      'log_entry_mismatch',
    ],
    ['under another salt', () => withProof({ salt: flippedBit(proofOf(credential).salt) }), 'log_entry_mismatch'],
    ['under no salt', () => withProof({ salt: undefined }), 'log_proof_malformed'],
    ['under a salt too short', () => withProof({ salt: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'log_proof_malformed'],
    [
      'of which the log records that it was suspended',
      async () =>
        withProof(
          await proofOfAct(credential, {
            kind: 'suspend',
            statusValue: 'suspended',
            credentialDigest: digestOf(credential),
          }),
        ),
      'log_entry_mismatch',
    ],
    [
      'of which the log records that it was issued in another format',
      async () =>
        withProof(await proofOfAct(credential, { format: 'vc+sd-jwt', credentialDigest: digestOf(credential) })),
      'log_entry_mismatch',
    ],
    [
      'of which the log records no digest',
      async () => withProof(await proofOfAct(credential, {})),
      'log_entry_mismatch',
    ],
    ['whose entry was altered', () => withProof(entryWith({ reason: 'lost' })), 'log_proof_invalid'],
    [
      'whose entry is written otherwise',
      () => withProof({ entry: `${proofOf(credential).entry} ` }),
      'log_proof_invalid',
    ],
    ['whose entry moved', () => withProof(entryWith({ index: 2 })), 'log_proof_invalid'],
    ['whose entry lies beyond the tree', () => withProof(entryWith({ index: 99 })), 'log_proof_invalid'],
    ['whose entry has a place that is none', () => withProof(entryWith({ index: -1 })), 'log_proof_malformed'],
    ['whose entry has a place that is no number', () => withProof(entryWith({ index: '3' })), 'log_proof_malformed'],
    ['whose entry is of another version', () => withProof(entryWith({ version: 2 })), 'log_proof_malformed'],
    [
      'whose entry has a time that is none',
      () => withProof(entryWith({ time: '2026-02-30T00:00:00Z' })),
      'log_proof_malformed',
    ],
    [
      'whose entry has an hour that is none',
      () => withProof(entryWith({ time: '2026-02-27T24:00:00Z' })),
      'log_proof_malformed',
    ],
    [
      'whose entry is no text',
      () => withProof({ entry: JSON.parse(proofOf(credential).entry) }),
      'log_proof_malformed',
    ],
    ['whose entry is no JSON', () => withProof({ entry: '{' }), 'log_proof_malformed'],
    ['with a hash missing', () => withProof({ hashes: proofOf(credential).hashes.slice(1) }), 'log_proof_invalid'],
    [
      'with a hash to spare',
      () => withProof({ hashes: [...proofOf(credential).hashes, proofOf(credential).hashes[0]] }),
      'log_proof_invalid',
    ],
    [
      'with its hashes swapped',
      () => withProof({ hashes: [...proofOf(credential).hashes].reverse() }),
      'log_proof_invalid',
    ],
    ['with a hash that is none', () => withProof({ hashes: ['AAAA'] }), 'log_proof_malformed'],
    ['with hashes that are no list', () => withProof({ hashes: proofOf(credential).hashes[0] }), 'log_proof_malformed'],
    [
      'with more hashes than a limit allows',
      () => withProof({ hashes: Array.from({ length: 10_001 }, () => '') }),
      'limit_exceeded',
    ],
    ['with a member to spare', () => withProof({ note: '' }), 'log_proof_malformed'],
    [
      'with a proof that is no object',
      () => resigned(credential, { header: { [logProofHeader]: 'proof' } }),
      'log_proof_malformed',
    ],
    ['without a checkpoint', () => withProof({ checkpoint: undefined }), 'log_proof_malformed'],
    ['with a checkpoint that is none', () => withProof({ checkpoint: 'checkpoint' }), 'checkpoint_malformed'],
    [
      'with a checkpoint that nobody signed',
      () => withProof({ checkpoint: `${proofOf(credential).checkpoint.split('\n\n')[0]}\n\n` }),
      'checkpoint_signature_missing',
    ],
    [
      'with a checkpoint whose root was altered',
      () => withProof({ checkpoint: proofOf(credential).checkpoint.replace('\n4\n', '\n5\n') }),
      'checkpoint_signature_invalid',
    ],
    [
      'with the proof of a log of the same name, under a key of its own',
      async () => withProof(await proofOfAct(credential, { credentialDigest: digestOf(credential) }, await makeLog())),
      'checkpoint_signature_missing',
    ],
    [
      'with the proof of another log',
      async () =>
        withProof(
          await proofOfAct(credential, { credentialDigest: digestOf(credential) }, await makeLog('other.example/log')),
        ),
      'log_untrusted',
    ],
    [
      'under an older date than its entry',
      async () => {
        const dated = await resigned(credential, { payload: { iat: seconds - day } })
        const payload = fromBase64url(dated.split('.')[1]!)
        const credentialDigest = await digestText(
          'sha-256',
          concatBytes(fromBase64url(proofOf(credential).salt), payload),
        )
        return withProof(await proofOfAct(credential, { credentialDigest }), dated)
      },
      'log_entry_too_late',
    ],
  ]

  it.each(cases)('%s is refused', async (_, make, code) => {
    expect(summary(await verdictOf(await make()))).toBe(`${code} at logged`)
  })

  it('carries the proof once: a second one under the same name is no JSON with one meaning', async () => {
    const [jwt = '', ...rest] = credential.split('~')
    const { header } = decodeJws(jwt)
    const text = JSON.stringify(header).replace(/}$/, `,${JSON.stringify(logProofHeader)}:{}}`)
    const twice = [await sign(text, new TextDecoder().decode(fromBase64url(jwt.split('.')[1]!)), world.signer), ...rest]
    const verdict = await verifySdJwtPresentation(await shown(twice.join('~')), demands)
    expect(summary(verdict)).toBe('json_duplicate_member at structure')
  })

  it.each([
    ['no log at all', []],
    ['logs of another issuer alone', [{ ...believed, issuer: 'https://other.example' }]],
    ['logs of other passports alone', [{ ...believed, passports: [harbourPass] }]],
    ['the log until yesterday', [{ ...believed, until: new Date(instant.getTime() - day * 1000) }]],
    ['the log from tomorrow', [{ ...believed, from: new Date(instant.getTime() + day * 1000) }]],
    ['its issuer’s key as that of a log', [{ jwk: world.signer.publicJwk, purposes: ['log'] }]],
  ] satisfies readonly (readonly [string, readonly Anchor[]])[])(
    'is refused by who believes %s',
    async (_, anchors) => {
      expect(summary(await verdictOf(credential, trusting(...anchors)))).toBe('log_untrusted at logged')
    },
  )

  it('is refused under a key whose identifier is another’s', async () => {
    const [text, name = '', first = ''] = /^(.+?)\+(.)/.exec(log.verifierKey)!
    const other = (Number.parseInt(first, 16) ^ 1).toString(16)
    const wrong = { ...believed, logKey: `${name}+${other}${log.verifierKey.slice(text.length)}` }
    const proof = proofOf(credential)
    const [head = '', line = ''] = proof.checkpoint.split('\n\n')
    const [, , signature = ''] = line.trim().split(' ')
    const bytes = Uint8Array.from(atob(signature), unit => unit.charCodeAt(0))
    bytes[0]! ^= 0x10 // what the key says, the checkpoint says
    const checkpoint = `${head}\n\n— ${origin} ${btoa(String.fromCharCode(...bytes))}\n`
    expect(summary(await verdictOf(await withProof({ checkpoint }), trusting(wrong)))).toBe(
      'log_key_malformed at logged',
    )
  })

  it('stands to the last second of tolerance before its entry', async () => {
    const dated = (ahead: number) =>
      issueSdJwtCredential(guildCard, record, {
        ...options,
        now: () => new Date(instant.getTime() - ahead * 1000),
        log: logged,
      })
    expect(summary(await verdictOf(await dated(60)))).toBe('accepted')
    expect(summary(await verdictOf(await dated(60), { clockTolerance: 59 }))).toBe('log_entry_too_late at logged')
  })

  it('has no bit in its proof that could be another, even under the key of its issuer', async () => {
    const [jwt = '', ...rest] = credential.split('~')
    const [, payload = '', signature = ''] = jwt.split('.')
    const header = fromBase64url(jwt.split('.')[0]!)
    const from = new TextDecoder().decode(header).indexOf(logProofHeader)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: from * 8, max: header.length * 8 - 1 }), async bit => {
        const flipped = header.slice()
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        const text = [[base64url(flipped), payload, signature].join('.'), ...rest].join('~')
        expect((await verifySdJwtPresentation(await shown(text), demands)).ok).toBe(false)
        // Nor when the issuer's own key signs the flipped header.
        const again = [await signParts(flipped, payload), ...rest].join('~')
        expect((await verifySdJwtPresentation(await shown(again), demands)).ok).toBe(false)
      }),
      { seed: 6, numRuns: 300 },
    )
  })
})

/** Signed by the issuer over header bytes that need not be JSON. */
async function signParts(header: Uint8Array, payload: string): Promise<string> {
  const input = `${base64url(header)}.${payload}`
  return `${input}.${base64url(await world.signer.sign(utf8(input)))}`
}

/** With a key binding where the holder's own library takes the credential; as it is where not even that does. */
const shown = (of: string): Promise<string> => present(of).catch(() => of)

describe('issuing with a log', () => {
  it('signs nothing when the log does not answer, and rejects as the log does', async () => {
    let signed = 0
    const counting = { ...world.signer, sign: (bytes: Uint8Array) => (signed++, world.signer.sign(bytes)) }
    const failing: LogIssuance = () => Promise.reject(new Error('the log is away'))
    for (const issue of [issueSdJwtCredential, issueVcJwtCredential])
      await expect(issue(guildCard, record, { ...options, signer: counting, log: failing })).rejects.toThrow('away')
    const { signer } = await developmentIssuer({ now })
    const other = { ...signer, sign: counting.sign }
    const mdoc = issueMdocCredential(harbourPass, landing, { ...options, signer: other, log: failing })
    await expect(mdoc).rejects.toThrow('away')
    expect(signed).toBe(0)
  })

  it('hands the log a digest, the format and the name of the passport, and nothing else', async () => {
    const asked: unknown[] = []
    const watching: LogIssuance = commitment => {
      asked.push(commitment)
      return logged(commitment)
    }
    await issueVcJwtCredential(guildCard, record, { ...options, format: 'vc+jwt', log: watching })
    expect(asked).toEqual([{ digest: expect.stringMatching(/^[\w-]{43}$/), format: 'vc+jwt', passport: 'guild-card' }])
  })

  it.each([
    ['of something else', { credentialDigest: base64url(new Uint8Array(32)) }, 'log_entry_mismatch'],
    ['from the future', { time: '2026-03-01T12:01:01Z' }, 'log_entry_too_late'],
    ['without a time', { time: undefined }, 'log_entry_too_late'],
  ])('does not sign with an entry %s', async (_, change, code) => {
    const wrong: LogIssuance = async commitment => {
      const proof = await logged(commitment)
      return { ...proof, entry: { ...proof.entry, ...change } }
    }
    await expect(issueSdJwtCredential(guildCard, record, { ...options, log: wrong })).rejects.toMatchObject({ code })
  })

  it('changes nothing of a credential that is issued without', async () => {
    expect(Object.keys(headerOf(world.credential))).toEqual(['typ', 'kid', 'alg'])
  })

  it('takes a log from openAuditLog and an act that a log takes', async () => {
    // @ts-expect-error a log
    expect(() => logIssuance({}, act)).toThrow(TypeError)
    // @ts-expect-error an act
    expect(() => logIssuance(log, undefined)).toThrow(TypeError)
    // @ts-expect-error a function
    await expect(issueSdJwtCredential(guildCard, record, { ...options, log: true })).rejects.toThrow(/`log`/)
    const wordy = logIssuance(log, { ...act, reason: 'Because!' })
    const refused = issueSdJwtCredential(guildCard, record, { ...options, log: wordy })
    await expect(refused).rejects.toMatchObject({ code: 'audit_entry_malformed' })
    expectTypeOf(logIssuance(log, act)).toExtend<LogIssuance>()
  })

  it('is part of the history of the person that the act is about', async () => {
    const { entries } = await log.history('citizen 7')
    expect(entries.map(({ entry }) => entry.credentialDigest)).toContain(digestOf(credential))
  })
})

describe('the options', () => {
  it.each([
    ['a log key that is none', { logKey: 'key', purposes: ['log'] }, /logKey/],
    ['a log key that is no text', { logKey: 7, purposes: ['log'] }, /logKey/],
    ['a log key for credentials', { ...believed, purposes: ['log', 'credential'] }, /purposes/],
    ['a log key beside another key', { ...believed, jwk: world.signer.publicJwk }, /logKey/],
    ['a log key with revocation lists', { ...believed, crls: [] }, /certificate/],
  ])('refuse %s', (_, anchor, message) => {
    const make = () => trustAnchors([anchor as Anchor])
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  it('take true and false, and nothing that is like them', async () => {
    for (const requireLogged of [1, 'true', null, {}] as unknown as boolean[])
      await expect(verdictOf(credential, { requireLogged })).rejects.toThrow(/`requireLogged`/)
    expectTypeOf<VerificationOptions['requireLogged']>().toEqualTypeOf<boolean | undefined>()
  })
})

describe('a logged W3C credential', () => {
  it.each(['vc+jwt', 'vc+sd-jwt'] as const)('in %s is accepted, and refused when it never was logged', async format => {
    const shared = { ...options, format }
    const whole = await issueVcJwtCredential(guildCard, record, { ...shared, log: logged })
    const never = await issueVcJwtCredential(guildCard, record, shared)
    const { expectedAudience: _a, expectedNonce: _n, ...wallet } = demands
    expect(summary(await verifyCredential(whole, wallet))).toBe('accepted')
    expect(summary(await verifyCredential(never, wallet))).toBe('log_proof_missing at logged')
  })
})

describe('a logged mdoc', async () => {
  const mdocWorld = await makeMdocWorld()
  const expected = mdocExpectations(mdocWorld)
  const mdocDemands = { ...expected, trust: trustAnchors([mdocWorld.issuer.anchor, believed]), requireLogged: true }
  const mdocOptions = { signer: mdocWorld.issuer.signer, holderKey: mdocWorld.holder.publicJwk, now }
  const bytes = await issueMdocCredential(harbourPass, landing, { ...mdocOptions, log: logged })
  const { issuerAuth } = readIssuerSigned(bytes, defaultLimits)
  const text = issuerAuth.headers.protected.get(logProofLabel) as string
  const presentation = (of: Uint8Array) =>
    presentMdoc(of, {
      disclose: [[harbour, 'family_name']],
      sessionTranscript: mdocWorld.session,
      signer: mdocWorld.holder,
    })

  it('carries the proof in its protected header, beside the algorithm alone, and is accepted', async () => {
    expect([...issuerAuth.headers.protected.keys()]).toEqual([1, logProofLabel])
    const verdict = await verifyMdocPresentation(await presentation(bytes), mdocDemands)
    expect(summary(verdict)).toBe('accepted')
    expect(verdict.checks.find(({ id }) => id === 'logged')).toMatchObject({ outcome: 'passed' })
  })

  it('is committed to in every byte that is signed', async () => {
    const { entry, salt } = JSON.parse(text)
    const salted = concatBytes(fromBase64url(salt), issuerAuth.payload!)
    expect(JSON.parse(entry)).toMatchObject({
      format: 'mso_mdoc',
      credentialDigest: await digestText('sha-256', salted),
    })
  })

  it.each([
    ['that never was', {}, 'log_proof_missing at logged'],
    [
      'whose proof stands unprotected',
      { issuerUnprotected: (map: Map<unknown, unknown>) => map.set(logProofLabel, text) },
      'log_proof_missing at logged',
    ],
    [
      'with the proof of another',
      { issuerProtected: (map: Map<unknown, unknown>) => map.set(logProofLabel, text) },
      'log_entry_mismatch at logged',
    ],
    [
      'whose proof is no text',
      { issuerProtected: (map: Map<unknown, unknown>) => map.set(logProofLabel, new Map()) },
      'log_proof_malformed at logged',
    ],
    [
      'whose proof is no JSON',
      { issuerProtected: (map: Map<unknown, unknown>) => map.set(logProofLabel, '{') },
      'json_invalid at logged',
    ],
    [
      'with a second proof, unprotected',
      {
        issuerProtected: (map: Map<unknown, unknown>) => map.set(logProofLabel, text),
        issuerUnprotected: (map: Map<unknown, unknown>) => map.set(logProofLabel, text),
      },
      'cose_header_duplicate at structure',
    ],
  ])('%s is refused', async (_, changes, outcome) => {
    const forged = await forgeMdoc(mdocWorld, changes as Parameters<typeof forgeMdoc>[1])
    expect(summary(await verifyMdocPresentation(forged, mdocDemands))).toBe(outcome)
    if (outcome.startsWith('log_'))
      expect(summary(await verifyMdocPresentation(forged, { ...mdocDemands, requireLogged: false }))).toBe('accepted')
  })

  it('is refused under an older date than its entry', async () => {
    const early = { ...mdocOptions, now: () => new Date(instant.getTime() - 60_000) }
    const dated = await issueMdocCredential(harbourPass, landing, { ...early, log: logged })
    const shown = await presentation(dated)
    expect(summary(await verifyMdocPresentation(shown, mdocDemands))).toBe('accepted')
    expect(summary(await verifyMdocPresentation(shown, { ...mdocDemands, clockTolerance: 59 }))).toBe(
      'log_entry_too_late at logged',
    )
  })

  it('is asked for by verifyPresentation and by a set alike', async () => {
    const shown = await presentation(bytes)
    expect(summary(await verifyPresentation(shown, mdocDemands))).toBe('accepted')
    const { expectedPassport, ...shared } = mdocDemands
    const expect_ = { pass: { expectedPassport } }
    expect((await verifyPresentationSet({ pass: shown }, { ...shared, expect: expect_ })).ok).toBe(true)
    const never = await forgeMdoc(mdocWorld)
    const refused = await verifyPresentationSet({ pass: never }, { ...shared, expect: expect_ })
    expect(refused).toMatchObject({ ok: false, code: 'log_proof_missing' })
  })
})

describe('evidence', () => {
  it('is verified again with its proof, under the logs that are believed then', async () => {
    const { evidence } = await verdictOf(credential)
    expect(evidence.policy.requireLogged).toBe(true)
    const archived = JSON.parse(JSON.stringify(evidence))
    const today = { trust: demands.trust, expectedPassport: guildCard, requireLogged: true }
    expect(summary(await reverifyEvidence(archived, today))).toBe('accepted')
    const doubting = { ...today, ...trusting() }
    expect(summary(await reverifyEvidence(archived, doubting))).toBe('log_untrusted at logged')
    expect(summary(await reverifyEvidence(archived, { ...doubting, requireLogged: false }))).toBe('accepted')
  })

  it('of what nobody demanded to be logged is refused when somebody does', async () => {
    const { evidence } = await verdictOf(world.credential, { requireLogged: false })
    expect(evidence.policy).not.toHaveProperty('requireLogged')
    const today = { trust: demands.trust, expectedPassport: guildCard, requireLogged: true }
    expect(summary(await reverifyEvidence(evidence, today))).toBe('log_proof_missing at logged')
  })
})
