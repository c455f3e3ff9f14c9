/**
 * Certificate revocation lists (RFC 5280 §5, §6.3), handed in by the caller; nothing is fetched.
 *
 * A list counts when the authority that issued the certificate signed it with the key that it certifies with. That a
 * certificate is revoked is believed of any such list, a partial or outdated one too; that it is not, only of a complete
 * and current one for the certificate in question. Indirect lists are not used.
 */
import { VidimusError } from '../../errors.js'
import { expectReadable, misuse } from '../arguments.js'
import { oncePer } from '../once.js'
import { type Certificate, derOf } from './certificate.js'
import {
  type DerElement,
  type DerMembers,
  derExplicit,
  derGeneralizedTime,
  derImplicit,
  derInteger,
  derSequence,
  derUtcTime,
  malformedCertificate,
  readCount,
  readInteger,
  readList,
  readMembers,
  readSequence,
  readSequences,
  readTime,
} from './der.js'
import {
  basicConstraintsOf,
  type Extended,
  type Extensions,
  extensionIds,
  isFor,
  keyUsages,
  readExtension,
  readExtensions,
  readWrappedExtensions,
  unknownCritical,
} from './extension.js'
import { type DistinguishedName, readName, sameName } from './name.js'
import type { Link, ValidPath } from './path.js'
import { rsaSignatures } from './rsa.js'
import { readSigned, requireSameAlgorithm, type Signed, signatureHolds } from './signature.js'

/** Revocation as anchors are read with it: `revocationLists` is the one there is. */
export interface RevocationLists {
  /**
   * What holds a path against the lists that a caller believes; it throws as `requireNotRevoked`. Throws `TypeError` naming
   * the argument for what is no list.
   */
  read(crls: readonly (string | Uint8Array)[], argument: string): (path: ValidPath, at: Date) => Promise<void>
}

/**
 * Reads the `crls` of anchors. Handed to `trustAnchors` of `vidimus/browser`, so that who has no such lists carries none of it;
 * without it `crls` are a `TypeError`.
 * @example trustAnchors([{ certificate, crls, purposes: ['credential'] }], { revocationLists })
 */
export const revocationLists: RevocationLists = {
  read(crls, argument) {
    if (!Array.isArray(crls)) throw misuse(argument, 'a list')
    const lists = crls.map((crl, index) =>
      expectReadable(() => readCrl(crl), `${argument}[${index}]`, 'PEM text or DER bytes'),
    )
    return (path, at) => requireNotRevoked(path, lists, at)
  },
}

export interface RevocationList extends Signed {
  readonly issuer: DistinguishedName
  readonly thisUpdate: Date
  /** When the next list comes; a list without it is never current. */
  readonly nextUpdate: Date | undefined
  /** Serial numbers, as `nameOfSerial` writes them. */
  readonly revoked: ReadonlySet<string>
  /** Whether it only tells what changed since another list (§5.2.4). */
  readonly isDelta: boolean
  /** Whether it, or one of its entries, has a critical extension that is not known, so that nothing follows from it. */
  readonly isObscure: boolean
  /** What it is about, where it is not every certificate of its issuer. */
  readonly scope: Scope | undefined
}

/** IssuingDistributionPoint (§5.2.5). */
export interface Scope {
  /** Whether its entries may be of other authorities. */
  readonly isIndirect: boolean
  covers(certificate: Certificate): boolean
}

const crlReason = '2.5.29.21'
const deltaCrl = '2.5.29.27'
const issuingDistributionPoint = '2.5.29.28'

/**
 * Reads a list from PEM text or DER bytes. Its signature and dates are checked when it is asked.
 * Throws `certificate_malformed`, `encoding_invalid`.
 */
export function readCrl(crl: string | Uint8Array): RevocationList {
  const signed = readSigned(derOf(crl, 'X509 CRL'))
  return { ...signed, ...readSequence(signed.tbs, members => readBody(members, signed)) }
}

function readBody(members: DerMembers, signed: Signed): Omit<RevocationList, keyof Signed> {
  const version = members.optional(derInteger, number => readCount(number, 'version'))
  if (version !== undefined && version !== 1) throw malformedCertificate('version') // §5.1.2.1
  requireSameAlgorithm(signed, members.next(derSequence))
  const issuer = readName(members.next(derSequence))
  const thisUpdate = readTime(members.any())
  const nextUpdate = members.optional(derUtcTime, readTime) ?? members.optional(derGeneralizedTime, readTime)
  const entries = members.optional(derSequence, readEntries) ?? []
  const extensions = (version === 1 ? members.optional(derExplicit(0), readWrappedExtensions) : undefined) ?? none
  const isDelta = extensions.has(deltaCrl)
  return {
    issuer,
    thisUpdate,
    nextUpdate,
    revoked: new Set(entries.flatMap(entry => (isDelta && isRemoval(entry) ? [] : [entry.serial]))),
    isDelta,
    isObscure:
      unknownCritical({ extensions }, [deltaCrl, issuingDistributionPoint]) !== undefined ||
      entries.some(entry => unknownCritical(entry, [crlReason]) !== undefined),
    scope: readScope({ extensions }),
  }
}

const none: Extensions = /* @__PURE__ */ new Map()

interface Entry extends Extended {
  readonly serial: string
}

/** No entry at all where nothing is revoked: some authorities write an empty list then. */
const readEntries = (list: DerElement): readonly Entry[] =>
  list.content.length === 0
    ? []
    : readSequences(list, 'revokedCertificates', members => {
        const serial = nameOfSerial(readInteger(members.next(derInteger), 'serial'))
        readTime(members.any())
        return { serial, extensions: members.optional(derSequence, readExtensions) ?? none }
      })

const nameOfSerial = (serial: Uint8Array): string => serial.join()

/** `removeFromCRL`: a delta list takes an entry of its base back (§5.3.1). */
const isRemoval = ({ extensions }: Entry): boolean => extensions.get(crlReason)?.value.join() === '10,1,8'

/** Why a list does not clear a certificate. */
type Problem = 'extension' | 'keyUsage' | 'signature' | 'thisUpdate' | 'nextUpdate' | 'scope'

/**
 * Holds every certificate of a path but its anchor against the lists of its issuer.
 * Throws `certificate_revoked`, and `certificate_revocation_unknown` when no list clears a certificate: `at` names it and
 * what is wrong with a list of its issuer (`leaf.nextUpdate`), or `crl` when there is none (`leaf.crl`).
 */
export async function requireNotRevoked(
  { links }: ValidPath,
  crls: readonly RevocationList[],
  at: Date,
): Promise<void> {
  for (const link of links) {
    if (link.at === 'anchor') return
    const asked: (Problem | undefined)[] = []
    // All of them: where one clears a certificate, a later one may still say that it is revoked.
    for (const crl of crls) if (sameName(crl.issuer, link.issuer.subject)) asked.push(await problemOf(crl, link, at))
    if (!asked.includes(undefined))
      throw new VidimusError('certificate_revocation_unknown', { at: `${link.at}.${asked[0] ?? 'crl'}` })
  }
}

/** Why a list does not clear a certificate; `undefined` when it does. Throws `certificate_revoked`. */
async function problemOf(crl: RevocationList, link: Link, now: Date): Promise<Problem | undefined> {
  const { certificate, issuer, at } = link
  if (crl.isObscure) return 'extension' // §5.2, §5.3
  if (crl.scope?.isIndirect) return 'scope'
  if (!isFor(issuer, keyUsages.crlSign)) return 'keyUsage' // §6.3.3 (f)
  if (!(await isSignedBy(crl)(issuer))) return 'signature' // §6.3.3 (g)
  if (crl.revoked.has(nameOfSerial(certificate.serial))) throw new VidimusError('certificate_revoked', { at })
  if (!(now >= crl.thisUpdate)) return 'thisUpdate'
  if (crl.nextUpdate === undefined || now > crl.nextUpdate) return 'nextUpdate'
  return crl.isDelta || crl.scope?.covers(certificate) === false ? 'scope' : undefined
}

/** Once for each list and authority, for lists are long and asked often. */
const isSignedBy = /* @__PURE__ */ oncePer((crl: RevocationList) =>
  oncePer((issuer: Certificate) => signatureHolds(crl, issuer.key, 'crl', { rsaSignatures }).catch(refused)),
)

/** A signature that cannot be verified does not hold. */
function refused(error: unknown): false {
  if (error instanceof VidimusError) return false
  throw error
}

const readScope = (crl: Extended): Scope | undefined =>
  readExtension(crl, issuingDistributionPoint, element =>
    readMembers(element, members => {
      const names = members.optional(derExplicit(0), readFullNames)
      const [users, authorities, reasons, indirect = false, attributes] = [1, 2, 3, 4, 5].map(number =>
        members.optional(derImplicit(number), isThere),
      )
      return {
        isIndirect: indirect,
        covers: certificate =>
          !(reasons || attributes || (basicConstraintsOf(certificate).isAuthority ? users : authorities)) &&
          (names === undefined || pointsOf(certificate).some(name => names.includes(name))),
      }
    }),
  )

/** The places that a certificate says its lists are at (§4.2.1.13), each as it is encoded. */
const pointsOf = (certificate: Certificate): readonly string[] =>
  readExtension(certificate, extensionIds.crlDistributionPoints, element =>
    readSequences(element, 'crlDistributionPoints', members => {
      const names = members.optional(derExplicit(0), readFullNames) ?? []
      const reasons = members.optional(derImplicit(1), isThere)
      const issuer = members.optional(derExplicit(2), isThere)
      return reasons || issuer ? [] : names
    }).flat(),
  ) ?? []

const isThere = (): boolean => true

/** DistributionPointName: its full names, each as it is encoded. A name relative to the issuer is not compared. */
const readFullNames = (point: DerElement): readonly string[] =>
  readMembers(point, members => {
    const names = members.optional(derExplicit(0), list => readList(list, 'distributionPoint', encoded))
    if (names === undefined) members.next(derExplicit(1))
    return names ?? []
  })

const encoded = ({ whole }: DerElement): string => whole.join()
