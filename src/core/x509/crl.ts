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
  derAny,
  derExplicit,
  derGeneralizedTime,
  derImplicit,
  derInteger,
  derSequence,
  derUtcTime,
  malformedCertificate,
  readDer,
  readList,
  readMembers,
  readSequence,
  readTime,
} from './der.js'
import {
  basicConstraintsOf,
  crlDistributionPoints,
  crlSign,
  type Extended,
  type Extensions,
  isFor,
  readExtension,
  readExtensions,
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
  const [version, algorithm, issuer, thisUpdate, shortNext, longNext, list, wrapped] = readSequence(signed.tbs, [
    [derInteger],
    derSequence,
    derSequence,
    derAny,
    [derUtcTime],
    [derGeneralizedTime],
    [derSequence],
    [derExplicit(0)],
  ])
  // Version 1 is not written; extensions belong to version 2 (§5.1.2.1).
  if (version ? version.content.join() !== '1' : wrapped) throw malformedCertificate('version')
  if (shortNext && longNext) throw malformedCertificate('time')
  requireSameAlgorithm(signed, algorithm)
  const nextUpdate = shortNext ?? longNext
  const entries = readEntries(list)
  const extensions = readExtensions(wrapped && readDer(wrapped.content, derSequence))
  const isDelta = extensions.has(deltaCrl)
  return {
    ...signed,
    issuer: readName(issuer.content),
    thisUpdate: readTime(thisUpdate),
    nextUpdate: nextUpdate && readTime(nextUpdate),
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
const readEntries = (list: DerElement | undefined): readonly Entry[] =>
  !list?.content.length
    ? []
    : readList(list.content, derSequence).map(({ content }) => {
        const [serial, revokedAt, extensions] = readMembers(content, [derInteger, derAny, [derSequence]])
        readTime(revokedAt)
        return {
          serial: nameOfSerial(serial.content),
          extensions: extensions ? readExtensions(extensions.content) : none,
        }
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
  if (!isFor(issuer, crlSign)) return 'keyUsage' // §6.3.3 (f)
  if (!(await isSignedBy(crl)(issuer))) return 'signature' // §6.3.3 (g)
  if (crl.revoked.has(nameOfSerial(certificate.serial))) throw new VidimusError('certificate_revoked', { at })
  if (!(now >= crl.thisUpdate)) return 'thisUpdate'
  if (crl.nextUpdate === undefined || now > crl.nextUpdate) return 'nextUpdate'
  return crl.isDelta || crl.scope?.covers(certificate) === false ? 'scope' : undefined
}

/** Once for each list and authority, for lists are long and asked often. */
const isSignedBy = /* @__PURE__ */ oncePer((crl: RevocationList) =>
  oncePer((issuer: Certificate) => signatureHolds(crl, issuer, 'crl', { rsaSignatures }).catch(refused)),
)

/** A signature that cannot be verified does not hold. */
function refused(error: unknown): false {
  if (error instanceof VidimusError) return false
  throw error
}

function readScope(crl: Extended): Scope | undefined {
  const point = readExtension(crl, issuingDistributionPoint)
  if (point === undefined) return undefined
  const [place, users, authorities, reasons, indirect, attributes] = readMembers(point, [
    [derExplicit(0)],
    [derImplicit(1)],
    [derImplicit(2)],
    [derImplicit(3)],
    [derImplicit(4)],
    [derImplicit(5)],
  ])
  const names = place && readFullNames(place)
  return {
    isIndirect: indirect !== undefined,
    covers: certificate =>
      !(reasons || attributes || (basicConstraintsOf(certificate).isAuthority ? users : authorities)) &&
      (names === undefined || pointsOf(certificate).some(name => names.includes(name))),
  }
}

/** The places that a certificate says its lists are at (§4.2.1.13), each as it is encoded. */
function pointsOf(certificate: Certificate): readonly string[] {
  const points = readExtension(certificate, crlDistributionPoints)
  if (points === undefined) return []
  return readList(points, derSequence).flatMap(({ content }) => {
    const [place, reasons, issuer] = readMembers(content, [[derExplicit(0)], [derImplicit(1)], [derExplicit(2)]])
    const names = place ? readFullNames(place) : []
    return reasons || issuer ? [] : names
  })
}

/** DistributionPointName: its full names, each as it is encoded. A name relative to the issuer is not compared. */
function readFullNames({ content }: DerElement): readonly string[] {
  const [name] = readMembers(content, [derAny])
  if (name.tag === derExplicit(1)) return []
  if (name.tag !== derExplicit(0)) throw malformedCertificate('distributionPoint')
  return readList(name.content, derAny).map(({ whole }) => whole.join())
}
