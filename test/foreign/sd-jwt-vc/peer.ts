/**
 * `@sd-jwt/sd-jwt-vc` in the same world as ours: its hashes, salts and signature checks are WebCrypto's, so that nothing
 * of ours vouches for itself. Only signing is done by the world's signers, which hold the keys.
 */
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { base64url, fromBase64url, utf8 } from '../../../src/core/bytes.js'
import type { Signer } from '../../../src/core/keys.js'
import { audience, guildCard, issuer, nonce, record, seconds } from '../../world.js'

type Keys = { readonly signer: Signer; readonly holder: Signer }

/** One instance that issues, presents and verifies with the keys of a world. */
export function makePeer({ signer, holder }: Keys): SDJwtVcInstance {
  return new SDJwtVcInstance({
    hashAlg: 'sha-256',
    hasher: async data =>
      new Uint8Array(await crypto.subtle.digest('SHA-256', typeof data === 'string' ? bytes(data) : data)),
    saltGenerator: () => base64url(crypto.getRandomValues(new Uint8Array(16))),
    signAlg: signer.alg,
    signer: async data => base64url(await signer.sign(utf8(data))),
    verifier: (data, signature) => verifies(signer, data, signature),
    kbSignAlg: holder.alg,
    kbSigner: async data => base64url(await holder.sign(utf8(data))),
    kbVerifier: (data, signature) => verifies(holder, data, signature),
  })
}

/** Their options for a verification at the world's instant; without a nonce they leave the key binding alone. */
export const atThatTime = { currentDate: seconds, disableStatusVerification: true }
export const withKeyBinding = { ...atThatTime, keyBindingNonce: nonce }

/** A guild card as they issue it: hidden members, nested ones, array elements, and decoys at the top. */
export function issueByPeer(peer: SDJwtVcInstance, { signer, holder }: Keys): Promise<string> {
  return peer.issue(
    {
      iss: issuer,
      iat: seconds,
      exp: seconds + 3600,
      vct: guildCard.vct[0]!,
      cnf: { jwk: holder.publicJwk },
      ...claimsOfRecord,
    },
    {
      _sd: ['family_name', 'given_name', 'birthdate', 'languages', 'address'],
      _sd_decoy: 3,
      place_of_birth: { _sd: ['locality'] },
      languages: { _sd: [0, 2] },
      address: { _sd: ['locality', 'street_address'], _sd_decoy: 1 },
      age_equal_or_over: { _sd: ['18'] },
    } as object,
    { header: { kid: signer.kid } },
  )
}

/** What their holder signs for the verifier of this world. */
export const bindingForThisVerifier = { kb: { payload: { iat: seconds, aud: audience, nonce } } }

/** The world's record as claims of a credential. */
export const claimsOfRecord = {
  family_name: record.familyName,
  given_name: record.givenName,
  birthdate: record.birthDate,
  place_of_birth: { locality: record.birthTown },
  languages: record.languages,
  address: record.address,
  rank: record.rank,
  age_equal_or_over: { 18: true },
}

async function verifies({ alg, publicJwk }: Signer, data: string, signature: string): Promise<boolean> {
  const { kty, crv, x, y } = publicJwk
  const parameters =
    kty === 'OKP'
      ? { name: 'Ed25519' }
      : { name: 'ECDSA', namedCurve: crv, hash: `SHA-${alg === 'ES512' ? 512 : alg === 'ES384' ? 384 : 256}` }
  const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y }
  const key = await crypto.subtle.importKey('jwk', jwk, parameters, false, ['verify'])
  return crypto.subtle.verify(parameters, key, bytes(fromBase64url(signature)), bytes(data))
}

/** In memory of its own, as the types of WebCrypto ask. */
const bytes = (data: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(typeof data === 'string' ? utf8(data) : data)
