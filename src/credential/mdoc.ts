/**
 * The issuer's side of `mso_mdoc`: a passport record becomes signed data elements (ISO/IEC 18013-5:2021, 9.1.2.4, 9.1.2.5).
 */
import { randomBytes } from '#crypto'
import { expectObject, misuse } from '../core/arguments.js'
import { createSign1, x5chainHeader } from '../core/cose/sign1.js'
import type { Certificate } from '../core/x509/certificate.js'
import { VidimusError } from '../errors.js'
import { writeIssuerSigned } from '../formats/mdoc/issuer-signed.js'
import { createItem, type IssuerSignedItem, type ItemsByNamespace } from '../formats/mdoc/item.js'
import { createMso } from '../formats/mdoc/mso.js'
import { statusReferenceValue } from '../formats/status-list/reference-value.js'
import type { PassportDefinition, PassportOf } from '../passport/definition.js'
import { elementsToIssue, type IssuedElement } from '../passport/elements.js'
import { type IssueOptions, settleIssuance } from './issuance.js'
import { logSign1 } from './logging.js'

/** `signer` must have its certificate chain, `x5c`: verifiers know the issuer of an mdoc by nothing else. */
export interface IssueMdocOptions extends IssueOptions {}

/**
 * Issues a passport as an ISO mdoc: the bytes of `IssuerSigned`, for the holder to keep. The record is parsed first; each
 * field with an `element` becomes a data element that the holder shows or not, and derived fields are computed for the
 * day of issue. The credential is signed `now` and valid from then at the earliest, whatever `validFrom` says.
 *
 * Throws `passport_invalid` with every issue, `credential_validity_invalid` when the validity is empty, begins before the
 * signer's certificate or goes beyond it, `mdoc_country_mismatch` when the passport names another country or jurisdiction
 * as its issuer's than the certificate does, and `TypeError` for options that are wrong.
 *
 * @example
 * const credential = await issueMdocCredential(citizenPassport, record, { signer, holderKey, status: await registry.allocate({ format: 'mso_mdoc' }) })
 */
export async function issueMdocCredential<Definition extends PassportDefinition>(
  definition: Definition,
  record: PassportOf<Definition>,
  options: IssueMdocOptions,
): Promise<Uint8Array> {
  expectObject(options, 'options')
  const [docType] = definition.docType
  if (docType === undefined) throw misuse('definition', `one with a \`docType\`: ${definition.name} has none`)
  const issuance = await settleIssuance(definition, record, options, 'cose')
  const { signer, certificate, holderKey, now, passport, derived, from, until, status } = issuance
  if (certificate === undefined) throw misuse('signer', 'one with its certificate chain, `x5c`')
  // 9.3.1: `signed` lies within the validity of the certificate.
  if (now < certificate.notBefore) throw new VidimusError('credential_validity_invalid', { at: 'signed' })

  const elements = elementsToIssue(definition, passport, derived)
  if (elements.length === 0) throw misuse('definition', `one with an \`element\`: ${definition.name} has none to issue`)
  requirePlace(elements, certificate)
  const items = saltElements(elements)
  const payload = await createMso({
    docType,
    items,
    deviceKey: holderKey,
    signed: now,
    validFrom: from !== undefined && from > now ? from : now,
    validUntil: until,
    status: status && statusReferenceValue(status),
  })
  const logged = await logSign1(payload, { log: options.log, format: 'mso_mdoc', passport: definition.name, now })
  const content = { payload, protected: logged, unprotected: x5chainHeader(signer) }
  return writeIssuerSigned(items, await createSign1(content, signer))
}

/** What the document says of its issuer's place is what the certificate says (9.3.1); verifiers refuse anything else. */
function requirePlace(elements: readonly IssuedElement[], { subject }: Certificate): void {
  const places = { issuing_country: subject.country, issuing_jurisdiction: subject.stateOrProvince }
  for (const [at, place] of Object.entries(places))
    for (const { identifier, value } of elements)
      if (identifier === at && place !== undefined && value !== place)
        throw new VidimusError('mdoc_country_mismatch', { at })
}

const saltBytes = 32

/** Bytes of the lot that decides the order of digest identifiers. */
const lotBytes = 4

/** Items in the order of the elements, each with a salt of its own, under identifiers that tell nothing of that order. */
function saltElements(elements: readonly IssuedElement[]): ItemsByNamespace {
  const random = randomBytes(elements.length * (saltBytes + lotBytes))
  const lots = new DataView(random.buffer, random.byteOffset + elements.length * saltBytes)
  const ids = drawIds(elements, index => lots.getUint32(index * lotBytes))
  const items = new Map<string, IssuerSignedItem[]>()
  for (const [index, { namespace, identifier, value }] of elements.entries()) {
    const salt = random.subarray(index * saltBytes, (index + 1) * saltBytes)
    const item = createItem(ids[index]!, salt, identifier, value)
    const members = items.get(namespace)
    if (members === undefined) items.set(namespace, [item])
    else members.push(item)
  }
  return items
}

/** A digest identifier for each element, from 0 in each namespace, in the order of the lots. */
function drawIds(elements: readonly IssuedElement[], lot: (index: number) => number): readonly number[] {
  const order = elements.map((_, index) => index).sort((a, b) => lot(a) - lot(b))
  const ids: number[] = []
  const next = new Map<string, number>()
  for (const index of order) {
    const { namespace } = elements[index]!
    const id = next.get(namespace) ?? 0
    next.set(namespace, id + 1)
    ids[index] = id
  }
  return ids
}
