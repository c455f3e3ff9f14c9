/**
 * Lists that `@digitalbazaar/vc-bitstring-status-list` made, verified by us, and ours, read by it. It secures nothing as a JWT
 * itself, so that the signature around its credentials is ours.
 */
import { checkStatus, createCredential, createList, decodeList } from '@digitalbazaar/vc-bitstring-status-list'
import { describe, expect, it } from 'vitest'
import { decodeJws, signJws } from '../../../src/core/jws.js'
import { generateSigner } from '../../../src/core/keys.js'
import { createBits, type StatusBits, setBits } from '../../../src/formats/status-list/bits.js'
import { bitstringForms } from '../../../src/formats/status-list/bitstring.js'
import { createBitstringStatusList } from '../../../src/formats/status-list/bitstring-writer.js'
import { statusOf, verifyStatusListToken } from '../../../src/formats/status-list/token.js'
import { expecting, instant, keyOf, uri } from '../../formats/status-list/craft.js'

const signer = await generateSigner('ES256', { kid: 'status-key-1' })
const key = await keyOf(signer)
const issuer = 'https://passport.example'
const size = 2 ** 18

/** Places at both ends, at both sides of a byte and of the shortest list, and in no regular order. */
const set = [0, 7, 8, 9, 4099, 131_071, 131_072, size - 1]
const clear = [1, 6, 10, 4098, 131_070, 131_073, size - 2]

describe.each(['revocation', 'suspension'] as const)('a list of %s', purpose => {
  const status = purpose === 'revocation' ? 1 : 2

  it('that they made is verified by us', async () => {
    const list = await createList({ length: size })
    for (const index of set) list.setStatus(index, true)
    const credential = await createCredential({ id: uri, list, statusPurpose: purpose })
    const token = await signJws(
      { typ: 'vc+jwt', kid: signer.kid },
      JSON.stringify({ ...credential, issuer, validFrom: '2026-03-01T12:00:00Z' }),
      signer,
    )
    const form = bitstringForms[purpose]
    const verified = await verifyStatusListToken(token, expecting(key, { form }))
    expect(verified).toMatchObject({ size, purposes: [purpose], issuedAt: instant })
    expect(set.map(index => statusOf(form, verified, index))).toEqual(set.map(() => status))
    expect(clear.map(index => statusOf(form, verified, index))).toEqual(clear.map(() => 0))
  })

  it.each([1, 2, 4, 8] as const)('that we made of a store of %i bits is read by them', async bits => {
    if (bits === 1 && purpose === 'suspension') return expectNothingSuspended()
    const token = await createBitstringStatusList({ ...contentOf(bits, status), purpose })
    const list = await decodeList({ encodedList: encodedListOf(token) })
    expect(list.length).toBe(size)
    expect(set.map(index => list.getStatus(index))).toEqual(set.map(() => true))
    expect(clear.map(index => list.getStatus(index))).toEqual(clear.map(() => false))
  })

  it('that we made answers when they check a credential', async () => {
    const token = await createBitstringStatusList({ ...contentOf(2, status), purpose })
    const credentialStatus = (index: number) => ({
      id: `${uri}#${index}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: purpose,
      statusListIndex: `${index}`,
      statusListCredential: uri,
    })
    for (const [index, expected] of [
      [4099, true],
      [4098, false],
    ] as const) {
      const checked = await checkStatus({
        credential: {
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          issuer,
          credentialStatus: credentialStatus(index),
        },
        documentLoader: async () => ({ document: JSON.parse(JSON.stringify(decodeJws(token).payload)) }),
        verifyBitstringStatusListCredential: false,
        verifyMatchingIssuers: true,
      })
      expect(checked.error).toBeUndefined()
      expect(checked).toMatchObject({ verified: true, results: [{ status: expected }] })
    }
  })
})

/** A store in which the places of `set` have the status, and some others the other one. */
function contentOf(bits: StatusBits, status: number) {
  const packed = createBits(bits, size)
  for (const index of set) setBits(packed, bits, index, status)
  if (bits > 1) for (const index of clear) setBits(packed, bits, index, 3 - status)
  return { uri, bits, packed, issuedAt: instant, issuer, signer }
}

const encodedListOf = (token: string): string =>
  (decodeJws(token).payload['credentialSubject'] as { encodedList: string }).encodedList

/** One bit cannot say it. */
async function expectNothingSuspended(): Promise<void> {
  const token = await createBitstringStatusList({ ...contentOf(1, 1), purpose: 'suspension' })
  const list = await decodeList({ encodedList: encodedListOf(token) })
  expect(set.some(index => list.getStatus(index))).toBe(false)
}
