/**
 * The signature algorithms, one row each: name, COSE identifiers, curve, hash and sizes.
 *
 * RFC 7518 §3.4 (ES256, ES384, ES512), RFC 8037 §3.1 (EdDSA), RFC 9864 (Ed25519, the fully specified COSE identifiers and
 * the brainpool curves, which have no name in JOSE). A suite of another kind joins as further rows.
 *
 * In COSE the old identifiers -7, -35 and -36 name a hash and leave the curve to the key (RFC 9053 §2.1), so one
 * identifier may mean several rows. In JOSE one name means one row.
 */
import { VidimusError } from '../errors.js'
import { expectList, misuse } from './arguments.js'

export type HashName = 'sha-256' | 'sha-384' | 'sha-512'

type JoseName = 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'Ed25519'

/** The `ESB` algorithms are those of the brainpool curves: for COSE and certificates, never for a JOSE header. */
export type AlgorithmName = JoseName | 'ESB256' | 'ESB320' | 'ESB384' | 'ESB512'

/** Curves by their JOSE names : `crv` of a JWK (RFC 7518 §6.2.1.1, RFC 8037 §2). */
export type CurveName =
  | 'P-256'
  | 'P-384'
  | 'P-521'
  | 'Ed25519'
  | 'brainpoolP256r1'
  | 'brainpoolP320r1'
  | 'brainpoolP384r1'
  | 'brainpoolP512r1'

export interface Algorithm {
  readonly name: AlgorithmName
  /** COSE identifiers that may mean this algorithm, the one to write first. */
  readonly cose: readonly number[]
  readonly kty: 'EC' | 'OKP'
  readonly crv: CurveName
  /** What COSE keys write for `kty` and `crv` (RFC 9053 §7). */
  readonly coseKty: number
  readonly coseCurve: number
  /** `undefined` where the algorithm hashes by itself. */
  readonly hash: HashName | undefined
  /** Bytes of one coordinate of the public key, and of `r` and `s` each. */
  readonly coordinateBytes: number
  readonly signatureBytes: number
}

type Row = readonly [AlgorithmName, readonly number[], CurveName, number, HashName | undefined, number]

const readRow = ([name, cose, crv, coseCurve, hash, coordinateBytes]: Row): Algorithm => ({
  name,
  cose,
  kty: hash ? 'EC' : 'OKP',
  crv,
  coseKty: hash ? 2 : 1,
  coseCurve,
  hash,
  coordinateBytes,
  signatureBytes: 2 * coordinateBytes,
})

const rows = /* @__PURE__ */ (
  [
    ['ES256', [-7, -9], 'P-256', 1, 'sha-256', 32],
    ['ES384', [-35, -51], 'P-384', 2, 'sha-384', 48],
    ['ES512', [-36, -52], 'P-521', 3, 'sha-512', 66],
    ['EdDSA', [-8], 'Ed25519', 6, undefined, 32],
    ['Ed25519', [-19], 'Ed25519', 6, undefined, 32],
    // RFC 9864 §2.1 registers these for COSE alone.
    ['ESB256', [-7, -265], 'brainpoolP256r1', 256, 'sha-256', 32],
    ['ESB320', [-35, -266], 'brainpoolP320r1', 257, 'sha-384', 40],
    ['ESB384', [-35, -267], 'brainpoolP384r1', 258, 'sha-384', 48],
    ['ESB512', [-36, -268], 'brainpoolP512r1', 259, 'sha-512', 64],
  ] satisfies Row[]
).map(readRow)

const joseRows = /* @__PURE__ */ rows.filter(({ name }) => !name.startsWith('ESB'))

const nameOf = ({ name }: Algorithm): AlgorithmName => name

/** The names that a JOSE header may have. */
export const algorithmNames: readonly AlgorithmName[] = /* @__PURE__ */ joseRows.map(nameOf)

/** The names of every row: what a caller may allow, and a signer of his be for. */
export const anyAlgorithmNames: readonly AlgorithmName[] = /* @__PURE__ */ rows.map(nameOf)

/** The row of a JOSE name that came from outside; `undefined` for `none`, HMAC and everything else that has no such row. */
export const algorithmNamed = (name: unknown): Algorithm | undefined => joseRows.find(row => row.name === name)

/** The row of any name, those without a name in JOSE among them: for what callers say, never for a JOSE header. */
export const anyAlgorithmNamed = (name: unknown): Algorithm | undefined => rows.find(row => row.name === name)

/** The row of an `alg` header member, if the caller allows it. Throws `alg_not_allowed` (RFC 8725 §3.1). */
export function requireAlgorithm(alg: unknown, allowed: readonly AlgorithmName[]): Algorithm {
  const algorithm = algorithmNamed(alg)
  if (algorithm === undefined || !allowed.includes(algorithm.name))
    throw notAllowed(allowed.filter(algorithmNamed), algorithm)
  return algorithm
}

/**
 * The allowed rows that a COSE identifier may mean; the curve of the key decides between them.
 * Throws `alg_not_allowed` when there is none.
 */
export function coseAlgorithms(
  id: unknown,
  allowed: readonly AlgorithmName[] = anyAlgorithmNames,
): readonly Algorithm[] {
  const meant = rows.filter(({ cose }) => cose.includes(id as number))
  const algorithms = meant.filter(({ name }) => allowed.includes(name))
  if (algorithms.length === 0) throw notAllowed(allowed, meant[0])
  return algorithms
}

const notAllowed = (allowed: readonly AlgorithmName[], received: Algorithm | undefined) =>
  new VidimusError('alg_not_allowed', { at: 'alg', expected: allowed.join(' '), actual: received?.name })

/** The algorithm a key is for when nobody says: by curve. Throws `key_invalid` for a curve outside the table. */
export const algorithmOfCurve = (crv: unknown): Algorithm => found(rows.find(row => row.crv === crv))

/** The same by the number that COSE has for the curve. */
export const algorithmOfCoseCurve = (id: unknown): Algorithm => found(rows.find(({ coseCurve }) => coseCurve === id))

function found(algorithm: Algorithm | undefined): Algorithm {
  if (algorithm === undefined) throw new VidimusError('key_invalid', { at: 'crv' })
  return algorithm
}

/** What a signer signs with. Throws `TypeError` when it says nothing that is in the table. */
export function algorithmOfSigner({ alg }: { readonly alg: AlgorithmName }): Algorithm {
  const algorithm = anyAlgorithmNamed(alg)
  if (algorithm === undefined) throw misuse('signer.alg', `one of ${anyAlgorithmNames.join(', ')}`)
  return algorithm
}

/** The caller's own list, checked: a `TypeError` for a name outside the table or an empty list. */
export const readAlgorithms = (names: readonly AlgorithmName[] | undefined): readonly AlgorithmName[] =>
  names === undefined
    ? anyAlgorithmNames
    : expectList(names, 'algorithms', `a non-empty list of ${anyAlgorithmNames.join(', ')}`, anyAlgorithmNamed)
