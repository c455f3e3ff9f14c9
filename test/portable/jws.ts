/** Tokens signed by hand with a `Signer`, for cases that need one the library would not write. */
import type { Signer } from 'vidimus'

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

export const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))

export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const textOf = (part: string): string =>
  new TextDecoder().decode(
    Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0)),
  )

/** A compact JWS over this header and payload. */
export async function signJws(header: object, payload: object, signer: Signer): Promise<string> {
  const signed = [header, payload].map(part => base64url(utf8(JSON.stringify(part)))).join('.')
  return `${signed}.${base64url(await signer.sign(utf8(signed)))}`
}

/** An SD-JWT whose issuer's part has other members, signed again with this key. */
export async function resigned(sdJwt: string, changes: { header?: object; payload?: object }, signer: Signer) {
  const [jwt = '', ...rest] = sdJwt.split('~')
  const [header = '', payload = ''] = jwt.split('.')
  const changed = await signJws(
    { ...JSON.parse(textOf(header)), ...changes.header },
    { ...JSON.parse(textOf(payload)), ...changes.payload },
    signer,
  )
  return [changed, ...rest].join('~')
}
