/** Anything at all where a certificate is expected: it is read, or refused with a code of ours, and quickly. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/core/bytes.js'
import { defaultLimits } from '../../src/core/limits.js'
import { readCertificate } from '../../src/core/x509/certificate.js'
import { readCrl } from '../../src/core/x509/crl.js'
import { namesIssuer } from '../../src/core/x509/names.js'
import { readChain, validatePath } from '../../src/core/x509/path.js'
import { readCertificateProfile } from '../../src/core/x509/profile.js'
import { der, sequence } from '../../src/testing/der.js'
import pkits from '../vectors/x509/pkits.json' with { type: 'json' }
import { instant } from '../world.js'
import { outcome, outcomeOf } from './support.js'
import {
  commonName,
  directory,
  form,
  type Keys,
  makeKeys,
  nameConstraints,
  nameOf,
  ofAuthority,
  ofSigner,
  pathOf,
  subjectAltName,
} from './x509-craft.js'

const runs = { seed: 20261122, numRuns: 200 }
const refusals = ['accepted', 'certificate_malformed', 'encoding_invalid', 'key_invalid']

let keys: Keys
let honest: Uint8Array
beforeAll(async () => {
  keys = await makeKeys()
  const names = subjectAltName(form.dns('a.example'), form.uri('https://a.example'), form.email('a@a.example'))
  const { chain } = await pathOf(keys, { leaf: { extensions: [...ofSigner, names] } })
  honest = chain[0]!.der
})

describe('whatever is sent', () => {
  it('is refused with a code, bytes at random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        expect(outcome(() => readCertificate(bytes))).toBe('certificate_malformed')
        expect(outcome(() => readCrl(bytes))).toBe('certificate_malformed')
      }),
      runs,
    )
  })

  it('is refused with a code, text at random', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), text => {
        for (const pem of [text, `-----BEGIN CERTIFICATE-----${text}-----END CERTIFICATE-----`])
          expect(['certificate_malformed', 'encoding_invalid']).toContain(outcome(() => readCertificate(pem)))
      }),
      runs,
    )
  })

  it('is refused with a code, a certificate with some bytes replaced', async () => {
    const { anchor } = await pathOf(keys)
    const profile = readCertificateProfile('plain', 'profile')
    const change = fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.nat(4))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
        const changed = changes.reduce((bytes, [at, piece, dropped]) => {
          const start = at % bytes.length
          return concatBytes(bytes.slice(0, start), piece, bytes.slice(start + dropped))
        }, honest)
        const [code, path] = [
          outcome(() => readCertificate(changed)),
          await outcomeOf(async () => {
            const chain = readChain([changed], defaultLimits)
            namesIssuer(chain[0]!, 'https://a.example')
            await validatePath(chain, anchor, { profile, at: instant })
          }),
        ]
        expect(refusals).toContain(code)
        // What was put there may be what stood there.
        if (changed.length !== honest.length || changed.some((byte, at) => byte !== honest[at]))
          expect(path).not.toBe('accepted')
      }),
      runs,
    )
  })

  it('is refused in time that grows with its length alone', () => {
    const mebibyte = 1024 * 1024
    const rows: readonly Uint8Array[] = [
      new Uint8Array(mebibyte),
      new Uint8Array(mebibyte).fill(0x30),
      nested(mebibyte),
      sequence(sequence(der(0xa0, nested(mebibyte)))),
      sequence(
        der(
          0x30,
          new Uint8Array(mebibyte).fill(5, 0).map((_, at) => (at % 2 === 0 ? 5 : 0)),
        ),
      ),
      // An object identifier, an integer and a name of a mebibyte.
      sequence(sequence(der(6, new Uint8Array(mebibyte).fill(0x81))), sequence()),
      sequence(sequence(der(2, new Uint8Array(mebibyte).fill(1)), sequence()), sequence(), der(3)),
    ]
    for (const bytes of rows) {
      const start = performance.now()
      expect(outcome(() => readCertificate(bytes))).toBe('certificate_malformed')
      expect(outcome(() => readCrl(bytes))).toBe('certificate_malformed')
      expect(performance.now() - start).toBeLessThan(500)
    }
    expect(outcome(() => readChain([rows[0]!], defaultLimits))).toBe('limit_exceeded')

    /** Sequences in sequences, each with a length of three bytes. */
    function nested(size: number): Uint8Array {
      const bytes = new Uint8Array(size)
      for (let at = 0; at + 5 <= size; at += 5) {
        const rest = size - at - 5
        bytes.set([0x30, 0x83, rest >> 16, (rest >> 8) & 255, rest & 255], at)
      }
      return bytes
    }
  })

  it('is refused before long, with as many names and constraints as there is room for', async () => {
    const many = Array.from({ length: 1200 }, (_, index) => form.dns(`${index}.aa`))
    const { chain, anchor } = await pathOf(keys, {
      root: { extensions: [...ofAuthority(), nameConstraints(many)] },
      leaf: { extensions: [...ofSigner, subjectAltName(...many)] },
    })
    const start = performance.now()
    const profile = readCertificateProfile('plain', 'profile')
    expect(await outcomeOf(() => validatePath(chain, anchor, { profile, at: instant }))).toBe('limit_exceeded')
    expect(performance.now() - start).toBeLessThan(500)
  })

  it('is held against as many directory names as are compared, each read once', async () => {
    const names = (letter: string) => Array.from({ length: 300 }, (_, i) => directory(nameOf(commonName(letter + i))))
    const { chain, anchor } = await pathOf(keys, {
      root: { extensions: [...ofAuthority(), nameConstraints([], names('a'))] },
      leaf: { extensions: [...ofSigner, subjectAltName(...names('b'))] },
    })
    const start = performance.now()
    const profile = readCertificateProfile('plain', 'profile')
    expect(await outcomeOf(() => validatePath(chain, anchor, { profile, at: instant }))).toBe('accepted')
    expect(performance.now() - start).toBeLessThan(250)
  })
})

it('reads every certificate of PKITS but those with DSA keys', () => {
  const unread = Object.entries(pkits.certificates).filter(([, text]) => {
    const pem = `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`
    return outcome(() => readCertificate(pem)) !== 'accepted'
  })
  expect(unread.map(([name]) => name).filter(name => !name.includes('DSA'))).toEqual([])
})
