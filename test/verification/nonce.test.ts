/** Nonces of requests: text that nobody guesses and no other request has. */
import { expect, it } from 'vitest'
import { fromBase64url } from '../../src/core/bytes.js'
import { newNonce } from '../../src/verification/nonce.js'

it('is 128 bits as base64url, which every protocol and code carries as it is', () => {
  const nonce = newNonce()
  expect(nonce).toMatch(/^[\w-]{22}$/)
  expect(fromBase64url(nonce, 'nonce')).toHaveLength(16)
})

it('is another one each time, in every byte', () => {
  const nonces = Array.from({ length: 1000 }, () => newNonce())
  expect(new Set(nonces).size).toBe(1000)
  const bytes = nonces.map(nonce => fromBase64url(nonce, 'nonce'))
  for (let place = 0; place < 16; place++) expect(new Set(bytes.map(nonce => nonce[place])).size).toBeGreaterThan(200)
})
