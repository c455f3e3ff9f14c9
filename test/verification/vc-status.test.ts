/** The statuses of a W3C credential: every list it names is asked, each in its own form, and evidence holds them all. */
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/core/canonical-json.js'
import type { JsonObject } from '../../src/core/json.js'
import { issueVcJwtCredential } from '../../src/credential/vc-jwt.js'
import { createBits, setBits } from '../../src/formats/status-list/bits.js'
import { type BitstringPurpose, bitstringForms } from '../../src/formats/status-list/bitstring.js'
import { createBitstringStatusList } from '../../src/formats/status-list/bitstring-writer.js'
import { createStatusListToken } from '../../src/formats/status-list/jwt.js'
import { statusChecker } from '../../src/status/checker.js'
import type { Evidence } from '../../src/verification/evidence.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import type { StatusAnswer, StatusChecker, StatusQuestion } from '../../src/verification/status.js'
import { statusNotChecked } from '../../src/verification/status.js'
import { verifyVcJwtPresentation } from '../../src/verification/vc-jwt.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { digest } from '../forge.js'
import { forgeVc } from '../forge-vc.js'
import { expectRefusal, summary } from '../refusal.js'
import { expectations, guildCard, instant, issuer, makeWorld, record, seconds } from '../world.js'
import { walletDemands } from './table.js'

const world = await makeWorld()
const demands = expectations(world)

const lists = {
  token: 'https://lists.example/1',
  revocation: 'https://lists.example/1-revocation',
  suspension: 'https://lists.example/1-suspension',
}
const index = 4099

const entry = (purpose: BitstringPurpose, changes: object = {}) => ({
  id: `${lists[purpose]}#${index}`,
  type: 'BitstringStatusListEntry',
  statusPurpose: purpose,
  statusListIndex: `${index}`,
  statusListCredential: lists[purpose],
  ...changes,
})
const both = [entry('revocation'), entry('suspension')]

/** The lists of one store, in which the credential has the status. */
async function published(status: number): Promise<ReadonlyMap<string, { body: string; mediaType: string }>> {
  const packed = createBits(2, 2 ** 17)
  setBits(packed, 2, index, status)
  const content = { bits: 2, packed, issuedAt: new Date((seconds - 60) * 1000), issuer, signer: world.signer } as const
  const bitstring = async (purpose: BitstringPurpose) => ({
    body: await createBitstringStatusList({ ...content, uri: lists[purpose], purpose }),
    mediaType: 'application/vc+jwt',
  })
  const body = await createStatusListToken({ ...content, uri: lists.token })
  return new Map([
    [lists.token, { body, mediaType: 'application/statuslist+jwt' }],
    [lists.revocation, await bitstring('revocation')],
    [lists.suspension, await bitstring('suspension')],
  ])
}

type Published = Awaited<ReturnType<typeof published>>

/** A checker over a host that serves these, and what it was asked for. */
function hosting(files: Published) {
  const asked: string[] = []
  const fetch = async (url: string) => {
    asked.push(url)
    const file = files.get(url)
    return file === undefined
      ? new Response(null, { status: 404 })
      : new Response(file.body, { headers: { 'content-type': file.mediaType } })
  }
  return { asked, checker: statusChecker({ fetch }) }
}

async function judged(payload: object, status: StatusChecker, form: 'vc+jwt' | 'vc+sd-jwt' = 'vc+jwt') {
  const text = await forgeVc(world, { form, payload: { ...payload } })
  const verdict = await verifyVcJwtPresentation(text, { ...demands, status })
  if (!verdict.ok) expectRefusal(verdict, text)
  return verdict
}

const [valid, revoked, suspended] = await Promise.all([0, 1, 2].map(published))

describe.each(['vc+jwt', 'vc+sd-jwt'] as const)('the lists of a %s', form => {
  it('are all asked, and all valid', async () => {
    const { asked, checker } = hosting(valid!)
    const verdict = await judged({ credentialStatus: both }, checker, form)
    expect(summary(verdict)).toBe('accepted')
    expect(asked).toEqual([lists.revocation, lists.suspension])
    expect(verdict.ok && verdict.otherClaims).toEqual({})
    expect(verdict.ok && verdict.status).toEqual({
      checked: true,
      value: 'valid',
      asOf: new Date((seconds - 60) * 1000),
      age: 60,
      source: 'fetched',
    })
  })

  it('say that it is revoked, or suspended', async () => {
    const status = { status_list: { idx: index, uri: lists.token } }
    for (const [files, refused] of [
      [revoked!, 'status_revoked at status'],
      [suspended!, 'status_suspended at status'],
    ] as const)
      for (const payload of [{ credentialStatus: both }, { status, credentialStatus: both }, { status }])
        expect(summary(await judged(payload, hosting(files).checker, form))).toBe(refused)
  })

  it('are asked beside a Token Status List, one of which is enough to refuse', async () => {
    const status = { status_list: { idx: index, uri: lists.token } }
    const { asked, checker } = hosting(valid!)
    expect(summary(await judged({ status, credentialStatus: both }, checker, form))).toBe('accepted')
    expect(asked).toEqual([lists.token, lists.revocation, lists.suspension])
    for (const [uri, files, refused] of [
      [lists.token, revoked!, 'status_revoked at status'],
      [lists.revocation, revoked!, 'status_revoked at status'],
      [lists.suspension, suspended!, 'status_suspended at status'],
    ] as const) {
      const mixed = new Map([...valid!, [uri, files.get(uri)!]])
      expect(summary(await judged({ status, credentialStatus: both }, hosting(mixed).checker, form))).toBe(refused)
      const missing = new Map([...valid!].filter(([other]) => other !== uri))
      expect(summary(await judged({ status, credentialStatus: both }, hosting(missing).checker, form))).toBe(
        'status_response_invalid at status',
      )
    }
  })
})

describe('a host', () => {
  it('that withholds one list alone gets a verdict that says so', async () => {
    let withheld = false
    const fetch = async (url: string) => {
      if (withheld && url === lists.suspension) throw new TypeError('no answer')
      const file = valid!.get(url)!
      return new Response(file.body, { headers: { 'content-type': file.mediaType } })
    }
    const checker = statusChecker({ fetch, maxStaleness: 3600 })
    const text = await forgeVc(world, { payload: { credentialStatus: both } })
    const policy = { ...demands, status: checker, maxPresentationAge: 3600 }
    const verdictAt = async (minutes: number) => {
      const now = () => new Date(instant.getTime() + minutes * 60_000)
      const verdict = await verifyVcJwtPresentation(text, { ...policy, now })
      expect(summary(verdict)).toBe('accepted')
      return verdict.ok && verdict.status
    }
    expect(await verdictAt(0)).not.toHaveProperty('stale')
    withheld = true
    expect(await verdictAt(10)).toMatchObject({ stale: true })
  })
})

describe('an entry', () => {
  it('may stand alone, with more said of it', async () => {
    const more = { statusSize: 1, statusReference: 'https://a.example', id: undefined }
    const { checker } = hosting(suspended!)
    expect(summary(await judged({ credentialStatus: entry('revocation', more) }, checker))).toBe('accepted')
    expect(summary(await judged({ credentialStatus: entry('suspension', more) }, checker))).toBe(
      'status_suspended at status',
    )
  })

  it('is not answered by a list for another purpose, kept or not', async () => {
    const { checker } = hosting(valid!)
    const crossed = entry('suspension', { statusListCredential: lists.revocation })
    for (const _ of ['fetched', 'kept'])
      expect(summary(await judged({ credentialStatus: [entry('revocation'), crossed] }, checker))).toBe(
        'status_subject_mismatch at status',
      )
  })

  it('is not answered by a Token Status List, nor that by a bitstring', async () => {
    const { checker } = hosting(valid!)
    const crossed = entry('revocation', { statusListCredential: lists.token })
    expect(summary(await judged({ credentialStatus: crossed }, checker))).toBe('status_response_invalid at status')
    const status = { status_list: { idx: index, uri: lists.revocation } }
    expect(summary(await judged({ status }, checker))).toBe('status_response_invalid at status')
  })

  it('beyond its list is refused', async () => {
    const far = entry('revocation', { statusListIndex: '131072' })
    expect(summary(await judged({ credentialStatus: far }, hosting(valid!).checker))).toBe(
      'status_index_out_of_range at status',
    )
  })

  const unsupported = 'status_unsupported at status_reference'
  const malformed = 'status_malformed at status_reference'
  const rows: readonly [harm: string, credentialStatus: unknown, refused: string][] = [
    ['of another type', entry('revocation', { type: 'StatusList2021Entry' }), unsupported],
    ['of two types', entry('revocation', { type: ['BitstringStatusListEntry', 'https://a.example'] }), unsupported],
    ['of another type beside one', [...both, { type: 'https://a.example/Status' }], unsupported],
    ['for messages', entry('revocation', { statusPurpose: 'message', statusSize: 2 }), unsupported],
    ['for a refresh', entry('revocation', { statusPurpose: 'refresh' }), unsupported],
    ['for a purpose in capitals', entry('revocation', { statusPurpose: 'Revocation' }), unsupported],
    ['for a purpose of every object', entry('revocation', { statusPurpose: 'constructor' }), unsupported],
    ['of two bits', entry('revocation', { statusSize: 2 }), unsupported],
    ['of eight bits', entry('revocation', { statusSize: 8 }), unsupported],
    ['without a purpose', entry('revocation', { statusPurpose: undefined }), malformed],
    ['of several purposes', entry('revocation', { statusPurpose: ['revocation'] }), malformed],
    ...[undefined, 4099, '', '-1', '+1', '01', '1.0', '1e3', '0x10', ' 1', '1 ', '٣', '9007199254740993', null].map(
      value =>
        [`at ${JSON.stringify(value)}`, entry('revocation', { statusListIndex: value }), malformed] as [
          string,
          unknown,
          string,
        ],
    ),
    ...[0, -1, 1.5, '1', null].map(
      value =>
        [`of size ${JSON.stringify(value)}`, entry('revocation', { statusSize: value }), malformed] as [
          string,
          unknown,
          string,
        ],
    ),
    ...[
      undefined,
      1,
      '',
      [lists.revocation],
      'http://lists.example/1',
      'https://u:p@lists.example/1',
      `${lists.revocation}#list`,
    ].map(
      value =>
        [`in ${JSON.stringify(value)}`, entry('revocation', { statusListCredential: value }), malformed] as [
          string,
          unknown,
          string,
        ],
    ),
    ['that calls itself its list', entry('revocation', { id: lists.revocation }), malformed],
    ['among too many', Array(9).fill(entry('revocation')), 'limit_exceeded at status_reference'],
  ]

  it.each(rows)('%s is refused', async (_, credentialStatus, refused) => {
    expect(summary(await judged({ credentialStatus }, hosting(valid!).checker))).toBe(refused)
    // Waiving the status waives its value, never what it stands in.
    const text = await forgeVc(world, { payload: { credentialStatus } })
    expect(summary(await verifyVcJwtPresentation(text, demands))).toBe(refused)
  })

  it('may not be hidden by the holder', async () => {
    const text = await forgeVc(world, { form: 'vc+sd-jwt', hidden: { credentialStatus: both } })
    expect(summary(await verifyVcJwtPresentation(text, demands))).toBe('claim_not_disclosable at protected_claims')
  })

  it('at an address that may not be asked is not asked', async () => {
    const { asked, checker } = hosting(valid!)
    const local = entry('suspension', { statusListCredential: 'https://localhost/1' })
    expect(summary(await judged({ credentialStatus: [entry('revocation'), local] }, checker))).toBe(
      'status_uri_refused at status',
    )
    expect(asked).toEqual([lists.revocation])
  })
})

describe('a checker of the caller’s own', () => {
  const answer = async (changes: Partial<StatusAnswer> = {}): Promise<StatusAnswer> => {
    const token = changes.token ?? 'the list as it was signed'
    return { value: 0, token, tokenDigest: await digest(token), asOf: instant, source: 'fetched', ...changes }
  }

  it('is asked for each place in its form, and what it knows is as old as the oldest of it', async () => {
    const questions: StatusQuestion[] = []
    const checker: StatusChecker = {
      check: async question => {
        questions.push(question)
        const older = new Date(instant.getTime() - questions.length * 1000)
        return answer({
          token: `list ${questions.length}`,
          asOf: older,
          source: questions.length === 2 ? 'snapshot' : 'cached',
        })
      },
    }
    const status = { status_list: { idx: 5, uri: lists.token } }
    const verdict = await judged({ status, credentialStatus: both }, checker)
    expect(questions.map(({ reference, form }) => [reference, form])).toEqual([
      [{ uri: lists.token, index: 5 }, undefined],
      [{ uri: lists.revocation, index }, bitstringForms.revocation],
      [{ uri: lists.suspension, index }, bitstringForms.suspension],
    ])
    expect(verdict.ok && verdict.status).toMatchObject({ age: 3, source: 'snapshot' })
    const digests = await Promise.all(['list 1', 'list 2', 'list 3'].map(digest))
    expect(verdict.evidence.status).toEqual({ checked: true, token: digests.join(' ') })
    expect(digests.map(one => verdict.evidence.attachments[one])).toEqual(['list 1', 'list 2', 'list 3'])
  })

  it.each([0, 1, 2])('makes the verdict stale when its answer to question %i is', async place => {
    let asked = 0
    const status = { status_list: { idx: 5, uri: lists.token } }
    const checker: StatusChecker = { check: async () => answer({ stale: asked++ === place }) }
    const verdict = await judged({ status, credentialStatus: both }, checker)
    expect(verdict.ok && verdict.status).toMatchObject({ checked: true, stale: true })
  })

  it.each([1, 2, 3])('is believed when what it says of a later list is %i', async value => {
    const code = value === 1 ? 'status_revoked' : value === 2 ? 'status_suspended' : 'status_unknown'
    let asked = 0
    const checker: StatusChecker = { check: async () => answer({ value: asked++ === 1 ? value : 0 }) }
    expect(summary(await judged({ credentialStatus: both }, checker))).toBe(`${code} at status`)
  })

  it('must return every token it read', async () => {
    let asked = 0
    const checker = { check: async () => ({ ...(await answer()), ...(asked++ === 1 ? { token: undefined } : {}) }) }
    const verdict = await judged({ credentialStatus: both }, checker as unknown as StatusChecker)
    expect(summary(verdict)).toBe('check_failed at status')
  })
})

describe('a credential issued with the lists of the W3C', async () => {
  const status = { uri: lists.token, index, bitstring: { revocation: lists.revocation, suspension: lists.suspension } }
  const issue = (changes: object) =>
    issueVcJwtCredential(guildCard, record, {
      issuer,
      signer: world.signer,
      holderKey: world.holder.publicJwk,
      now: () => instant,
      ...changes,
    })
  const wallet = walletDemands(demands)

  it.each(['vc+jwt', 'vc+sd-jwt'] as const)('as %s goes through its life', async format => {
    const credential = await issue({ format, status })
    for (const [files, expected] of [
      [valid!, 'accepted'],
      [suspended!, 'status_suspended at status'],
      [revoked!, 'status_revoked at status'],
    ] as const) {
      const { asked, checker } = hosting(files)
      expect(summary(await verifyCredential(credential, { ...wallet, status: checker }))).toBe(expected)
      expect(asked).toEqual([lists.revocation, lists.suspension])
    }
  })

  it('is archived with every list, and verified again from them alone', async () => {
    const credential = await issue({ status })
    const verdict = await verifyCredential(credential, { ...wallet, status: hosting(valid!).checker })
    const evidence = JSON.parse(JSON.stringify(verdict.evidence)) as Evidence
    const [first, second] = await Promise.all(
      [lists.revocation, lists.suspension].map(uri => digest(valid!.get(uri)!.body)),
    )
    expect(evidence.status).toEqual({ checked: true, token: `${first} ${second}` })
    expect(Object.keys(evidence.attachments)).toHaveLength(3)
    const today = { trust: demands.trust, expectedPassport: guildCard }
    const again = await reverifyEvidence(evidence, today)
    expect(summary(again)).toBe('accepted')
    expect(again.ok && again.status).toMatchObject({ checked: true, age: 60, source: 'snapshot' })

    const { [second!]: list, ...others } = evidence.attachments
    expect(summary(await reverifyEvidence({ ...evidence, attachments: others }, today))).toBe(
      'evidence_attachment_missing at evidence',
    )
    const elsewhere = async (asked: string) => (asked === second ? list : undefined)
    expect(
      summary(await reverifyEvidence({ ...evidence, attachments: others }, { ...today, attachment: elsewhere })),
    ).toBe('accepted')
    expect(
      summary(await reverifyEvidence({ ...evidence, attachments: { ...others, [second!]: `${list}x` } }, today)),
    ).toBe('evidence_digest_mismatch at evidence')
  })

  /** The record with other tokens, and digests that fit again: what somebody who holds the archive could write. */
  async function rewritten(evidence: Evidence, tokens: readonly string[]): Promise<unknown> {
    const { digest: _digest, attachments, ...kept } = JSON.parse(JSON.stringify(evidence)) as Evidence
    const digests = await Promise.all(tokens.map(digest))
    const record = { ...kept, status: { checked: true, token: digests.join(' ') } }
    const parts = Object.fromEntries(digests.map((one, at) => [one, tokens[at]]))
    return {
      ...record,
      digest: await digest(canonicalJson(record as unknown as JsonObject)),
      attachments: { ...attachments, ...parts },
    }
  }

  it('is not verified again from other lists than it stands in', async () => {
    const verdict = await verifyCredential(await issue({ status }), { ...wallet, status: hosting(valid!).checker })
    const today = { trust: demands.trust, expectedPassport: guildCard }
    const bodies = (files: Published, ...uris: string[]) => uris.map(uri => files.get(uri)!.body)
    for (const [tokens, refused] of [
      [bodies(valid!, lists.suspension, lists.revocation), 'accepted'],
      [bodies(valid!, lists.revocation), 'status_subject_mismatch at status'],
      [bodies(valid!, lists.token, lists.revocation), 'status_subject_mismatch at status'],
      [[...bodies(valid!, lists.revocation), ...bodies(suspended!, lists.suspension)], 'status_suspended at status'],
      [Array(17).fill('x'), 'evidence_malformed at evidence'],
    ] as const)
      expect(summary(await reverifyEvidence(await rewritten(verdict.evidence, tokens), today))).toBe(refused)
  })

  it('is waived as a whole', async () => {
    const verdict = await verifyCredential(await issue({ status }), { ...wallet, status: statusNotChecked('demo') })
    expect(verdict.ok && verdict.status).toEqual({ checked: false, reason: 'demo' })
  })
})
