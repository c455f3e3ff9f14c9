/** What a development issuer makes, held against OpenSSL's and Node's own reading of it. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { hasOpenssl, newFolder, requireOpenssl } from '../openssl.js'

requireOpenssl()

const algorithms = ['ES256', 'ES384', 'ES512', 'Ed25519'] as const

describe('a development issuer', () => {
  for (const alg of algorithms)
    it(`is what Node takes for an issuer, ${alg}`, async () => {
      const { anchor, signer } = await developmentIssuer({ alg })
      const [root, leaf] = [new X509Certificate(anchor.certificate), new X509Certificate(signer.x5c![0]!)]
      expect(leaf.checkIssued(root)).toBe(true)
      expect(leaf.verify(root.publicKey)).toBe(true)
      expect(root.verify(root.publicKey)).toBe(true)
      expect(root.ca).toBe(true)
      expect(leaf.ca).toBe(false)
      expect(leaf.subjectAltName).toBe('URI:https://issuer.example')
    })

  for (const alg of algorithms)
    it.skipIf(!hasOpenssl)(`is what openssl verify takes, ${alg}`, async () => {
      const { anchor, signer } = await developmentIssuer({ alg })
      const folder = newFolder()
      const [root, leaf] = [join(folder, 'root.pem'), join(folder, 'leaf.pem')]
      writeFileSync(root, anchor.certificate)
      writeFileSync(leaf, signer.x5c![0]!)
      const told = execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', root, leaf], { encoding: 'utf8' })
      expect(told).toBe(`${leaf}: OK\n`)
    })
})
