/**
 * The peer, `@sd-jwt/sd-jwt-vc`, with its crypto handed in twice: WebCrypto, as its own crypto packages do it, and the
 * platform's synchronous calls with keys imported once, which is the best it can be given.
 */
import { createHash, createPublicKey, KeyObject, randomBytes, sign, verify } from 'node:crypto'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { audience, disclose, issuer, nonce, now, passport, status } from './workload.mjs'

const shared = {
  signAlg: 'ES256',
  kbSignAlg: 'ES256',
  hashAlg: 'sha-256',
  hasher: data =>
    createHash('sha256')
      .update(typeof data === 'string' ? data : new Uint8Array(data))
      .digest(),
  saltGenerator: () => randomBytes(16).toString('base64url'),
}

/** `issuerKeys`, `holderKeys`: WebCrypto key pairs. */
export function asyncPeer(issuerKeys, holderKeys) {
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signer = key => async data =>
    Buffer.from(await crypto.subtle.sign(algorithm, key, Buffer.from(data))).toString('base64url')
  const verifies = (key, data, signature) =>
    crypto.subtle.verify(algorithm, key, Buffer.from(signature, 'base64url'), Buffer.from(data))
  return new SDJwtVcInstance({
    ...shared,
    signer: signer(issuerKeys.privateKey),
    verifier: (data, signature) => verifies(issuerKeys.publicKey, data, signature),
    kbSigner: signer(holderKeys.privateKey),
    kbVerifier: async (data, signature, { cnf }) => verifies(await importHolder(cnf.jwk), data, signature),
  })
}

const importHolder = jwk =>
  crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])

/** `holderKey`: the key of the one holder it knows; without it every key is imported when it is met. */
export function syncPeer(issuerKeys, holderKeys, { holderKey } = {}) {
  const signer = pair => {
    const key = { key: KeyObject.from(pair.privateKey), dsaEncoding: 'ieee-p1363' }
    return data => sign('sha256', Buffer.from(data), key).toString('base64url')
  }
  const verifies = (key, data, signature) =>
    verify('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  const issuerKey = KeyObject.from(issuerKeys.publicKey)
  return new SDJwtVcInstance({
    ...shared,
    signer: signer(issuerKeys),
    verifier: (data, signature) => verifies(issuerKey, data, signature),
    kbSigner: signer(holderKeys),
    kbVerifier: (data, signature, { cnf }) =>
      verifies(holderKey ?? createPublicKey({ format: 'jwk', key: cnf.jwk }), data, signature),
  })
}

/** The same claims as ours, hidden alike. */
export function issueWithPeer(peer, { claims, frame }, holderJwk) {
  const iat = Math.floor(now().getTime() / 1000)
  const registered = {
    iss: issuer,
    iat,
    exp: iat + 365 * 24 * 3600,
    vct: passport.vct[0],
    cnf: { jwk: holderJwk },
    status: { status_list: { idx: status.index, uri: status.uri } },
  }
  return peer.issue({ ...registered, ...claims }, frame)
}

/** Claims and frame of a record, through the passport's own table. */
export function claimsForPeer(record) {
  const claims = {}
  const frame = { _sd: [] }
  for (const [name, value] of Object.entries(record)) {
    const { claim, hide } = passport.fields[name]
    const [first, second] = claim
    const json = value instanceof Uint8Array ? `data:image/jpeg;base64,${Buffer.from(value).toString('base64')}` : value
    if (second === undefined) {
      claims[first] = json
      if (hide) frame._sd.push(first)
    } else {
      claims[first] = { ...claims[first], [second]: json }
      frame[first] = { _sd: [...(frame[first]?._sd ?? []), second] }
    }
  }
  return { claims, frame }
}

export function presentWithPeer(peer, credential) {
  const shown = Object.fromEntries(disclose.map(name => [passport.fields[name].claim[0], true]))
  const iat = Math.floor(now().getTime() / 1000)
  return peer.present(credential, shown, { kb: { payload: { iat, aud: audience, nonce } } })
}

export const verifyWithPeer = (peer, presentation) =>
  peer.verify(presentation, {
    currentDate: Math.floor(now().getTime() / 1000),
    keyBindingNonce: nonce,
    disableStatusVerification: true,
  })
