/** What must compile and what must not, in Node as in a page. Compiled against the packed package, never run. */
import {
  citizenPassport,
  citizenProfile,
  type DecodedMdoc,
  decodeMdoc,
  definePassport,
  euPid,
  explain,
  issueMdocCredential,
  issueSdJwtCredential,
  type Jwk,
  mdl,
  presentMdoc,
  presentSdJwt,
  previewPresentation,
  reverifyEvidence,
  type SessionTranscript,
  type Signer,
  type StatusChecker,
  statusNotChecked,
  type Trust,
  type Verdict,
  VidimusError,
  verifyMdocPresentation,
  verifyPresentation,
  verifySdJwtPresentation,
} from 'vidimus'
import { ageOn } from 'vidimus/passport'
import { drawQr, scanQr } from 'vidimus/qr'
import { z } from 'zod'

declare const trust: Trust
declare const status: StatusChecker
declare const signer: Signer
declare const holderKey: Jwk
declare const credential: string
declare const maybe: string | undefined
declare const mdoc: Uint8Array
declare const sessionTranscript: SessionTranscript

const guildCard = definePassport({
  name: 'guild-card',
  vct: 'https://guild.example/card/1',
  docType: 'example.guild.card.1',
  fields: {
    familyName: { schema: z.string(), claim: 'family_name' },
    birthDate: { as: 'date', claim: 'birthdate' },
    rank: { schema: z.number(), claim: 'rank', optional: true },
  },
  derived: { ageOver18: { derive: (card, on) => ageOn(card.birthDate, on) >= 18, claim: ['age', 'over18'] } },
})

const bank = { trust, status, expectedAudience: 'https://bank.example', expectedNonce: 'fresh' }
const toBank = { audience: 'https://bank.example', nonce: 'fresh', signer }

export async function verify(presentation: string) {
  const verdict = await verifySdJwtPresentation(presentation, {
    ...bank,
    expectedPassport: guildCard,
    require: ['familyName', 'ageOver18'],
  })
  // @ts-expect-error claims are out of reach before the verdict is read
  verdict.claims
  if (!verdict.ok) {
    // @ts-expect-error a refusal returns no claims
    verdict.claims
    return explain(verdict)
  }
  const familyName: string = verdict.claims.familyName
  const ageOver18: boolean = verdict.claims.ageOver18
  const rank: number | undefined = verdict.claims.rank
  // @ts-expect-error what was not required may be absent
  const birthDate: string = verdict.claims.birthDate
  // @ts-expect-error the passport has no such field
  verdict.claims.eyeColour
  const passport: 'guild-card' = verdict.passport
  return [familyName, ageOver18, rank, birthDate, passport]
}

export async function verifyEither(presentation: string) {
  const verdict = await verifyPresentation(presentation, {
    ...bank,
    expectedPassport: [guildCard, citizenPassport],
    require: ['familyName'],
  })
  if (!verdict.ok) return verdict.code
  if (verdict.passport === 'guild-card') return verdict.claims.rank
  // @ts-expect-error a citizen's passport has no rank
  verdict.claims.rank
  const familyName: string = verdict.claims.familyName
  return familyName
}

export async function verifyForeign(response: string | Uint8Array) {
  const verdict = await verifyPresentation(response, {
    trust,
    status,
    expectedPassport: [euPid, mdl],
    require: ['familyName'],
    expectedSessionTranscript: sessionTranscript,
  })
  if (!verdict.ok) return verdict.code
  if (verdict.passport === 'mdl') return verdict.claims.drivingPrivileges?.map(c => c.vehicle_category_code)
  // @ts-expect-error a PID allows nobody to drive
  verdict.claims.drivingPrivileges
  const nationalities: readonly string[] | undefined = verdict.claims.nationalities
  return nationalities
}

export async function verifyInPage(presentation: string) {
  const verdict = await verifySdJwtPresentation(presentation, {
    ...bank,
    expectedPassport: citizenProfile,
    require: ['familyName'],
  })
  const same: Verdict<typeof citizenProfile, 'familyName'> = verdict
  return same.ok ? same.claims.familyName : undefined
}

export const wrongQuestions = [
  // @ts-expect-error `require` names fields of the passport
  verifySdJwtPresentation('', { ...bank, expectedPassport: guildCard, require: ['eyeColour'] }),
  // @ts-expect-error of several passports, fields that all have
  verifyPresentation('', { ...bank, expectedPassport: [guildCard, citizenPassport], require: ['rank'] }),
  // @ts-expect-error a nonce that may be absent is no nonce
  verifySdJwtPresentation('', { ...bank, expectedNonce: maybe, expectedPassport: guildCard }),
  // @ts-expect-error an audience is demanded
  verifySdJwtPresentation('', { trust, status, expectedNonce: 'fresh', expectedPassport: guildCard }),
  // @ts-expect-error the status is never left out in silence
  verifySdJwtPresentation('', { trust, expectedAudience: 'a', expectedNonce: 'n', expectedPassport: guildCard }),
  // @ts-expect-error an mdoc is verified in its session
  verifyMdocPresentation(mdoc, { trust, status, expectedPassport: mdl }),
  // @ts-expect-error nor turned off without a reason
  verifySdJwtPresentation('', { ...bank, status: statusNotChecked(), expectedPassport: guildCard }),
]

export const hold = [
  presentSdJwt(credential, { ...toBank, passport: guildCard, disclose: ['familyName', ['birthdate']] }),
  presentSdJwt(credential, { ...toBank, disclose: [['family_name']] }),
  // @ts-expect-error field names mean something only with their passport
  presentSdJwt(credential, { ...toBank, disclose: ['familyName'] }),
  presentMdoc(mdoc, { passport: mdl, disclose: ['familyName'], sessionTranscript, signer }),
  presentMdoc(mdoc, {
    disclose: [['org.iso.18013.5.1', 'family_name']],
    sessionTranscript,
    signer,
    deviceAuth: { mac: holderKey },
  }),
  // @ts-expect-error an mdoc is presented in a session
  presentMdoc(mdoc, { passport: mdl, disclose: ['familyName'], signer }),
  // @ts-expect-error a field of this passport
  previewPresentation(credential, { passport: guildCard, disclose: ['eyeColour'] }),
]

export const issue = [
  issueSdJwtCredential(
    guildCard,
    { familyName: 'Specimen', birthDate: '2001-02-28' },
    { issuer: 'https://a', signer, holderKey },
  ),
  issueMdocCredential(guildCard, { familyName: 'Specimen', birthDate: '2001-02-28' }, { signer, holderKey }),
  // @ts-expect-error a record has every field that is not optional
  issueSdJwtCredential(guildCard, { familyName: 'Specimen' }, { issuer: 'https://a', signer, holderKey }),
  // @ts-expect-error a credential is bound to a key
  issueSdJwtCredential(guildCard, { familyName: 'Specimen', birthDate: '2001-02-28' }, { issuer: 'https://a', signer }),
]

export function show(bytes: unknown) {
  const decoded: DecodedMdoc = decodeMdoc(bytes)
  // @ts-expect-error what was only decoded has no claims
  decoded.claims
  return decoded.documents.map(({ elements, device }) => [elements, device?.proof])
}

export function codeOf(error: unknown) {
  return error instanceof VidimusError ? error.code : undefined
}

export async function later(json: string) {
  const again = await reverifyEvidence(JSON.parse(json), { trust, expectedPassport: guildCard, require: ['birthDate'] })
  return again.ok ? again.claims.birthDate : again.code
}

export const codes = [
  drawQr('A', { errorCorrection: 'low', millimetres: 40 }),
  scanQr({ width: 1, height: 1, data: new Uint8Array(4) }),
  // @ts-expect-error a level by its name
  drawQr('A', { errorCorrection: 'L' }),
  // @ts-expect-error a picture has a size
  scanQr({ data: new Uint8Array(4) }),
]
