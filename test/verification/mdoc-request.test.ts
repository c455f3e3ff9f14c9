/** What a reader asks, and how a holder's app knows who asks. */
import { describe, expect, it } from 'vitest'
import { readCbor } from '../../src/core/cbor/read.js'
import type { CborMap, CborValue } from '../../src/core/cbor/value.js'
import { cborMap, embed, writeCbor } from '../../src/core/cbor/write.js'
import { generateSigner } from '../../src/core/keys.js'
import { dcApiTranscript, openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import { mdl } from '../../src/passport/mdl.js'
import { createMdocRequest, verifyMdocRequest } from '../../src/verification/mdoc-request.js'
import { type Anchor, trustAnchors } from '../../src/verification/trust.js'
import { makeAuthority, signerExtensions } from '../certificates.js'
import { extendedKeyUsage, keyUsage } from '../core/x509-craft.js'
import { instant, now } from '../world.js'

const session = {
  clientId: 'x509_san_dns:rental.example',
  nonce: 'nonce-of-this-request',
  responseUri: 'https://rental.example/response',
}
const sessionTranscript = await openid4vpTranscript(session)
const readers = await makeAuthority()
const readerExtensions = [keyUsage(0x80, 7), extendedKeyUsage('1.0.18013.5.1.6')]
const reader = await readers.signer({ extensions: readerExtensions })
const anchor = (changes?: Partial<Anchor>) => readers.anchor({ purposes: ['reader'], name: 'Rentals', ...changes })

const wishes = [
  { passport: mdl, fields: ['familyName', 'ageOver18', 'drivingPrivileges'], keep: ['familyName'] },
] as const
const namespace = 'org.iso.18013.5.1'
const honest = await createMdocRequest(wishes, { sessionTranscript, signer: reader })

const read = (request: unknown, changes: object = {}) =>
  verifyMdocRequest(request, { sessionTranscript, trust: trustAnchors([anchor()]), now, ...changes })

const summary = async (request: unknown, changes?: object) => {
  const verdict = await read(request, changes)
  return verdict.ok ? 'accepted' : verdict.code
}

/** The request with its one document changed. */
function changed(change: (document: Map<string, CborValue>) => void, members: object = {}): Uint8Array {
  const request = new Map(readCbor(honest) as CborMap)
  const [document] = request.get('docRequests') as readonly CborMap[]
  const copy = new Map(document) as Map<string, CborValue>
  change(copy)
  request.set('docRequests', [copy])
  for (const [name, value] of Object.entries(members)) request.set(name, value)
  return writeCbor(request)
}

const itemsRequest = (items: CborValue): CborValue => readCbor(writeCbor(embed(writeCbor(items))))

describe('a request', () => {
  it('says what is asked, what is kept, and who asks', async () => {
    const verdict = await read(honest)
    expect(verdict).toMatchObject({
      ok: true,
      documents: [
        {
          docType: 'org.iso.18013.5.1.mDL',
          disclose: [
            [namespace, 'family_name'],
            [namespace, 'driving_privileges'],
            [namespace, 'age_over_18'],
          ].sort(),
          retained: [[namespace, 'family_name']],
          reader: { name: 'Rentals', country: 'UT' },
        },
      ].map(document => ({ ...document, disclose: expect.arrayContaining(document.disclose) })),
    })
    expect(Object.isFrozen(verdict)).toBe(true)
  })

  it('without a signature says nobody who asks', async () => {
    const verdict = await read(await createMdocRequest(wishes))
    expect(verdict.ok && verdict.documents[0]).not.toHaveProperty('reader')
    expect(verdict.ok && verdict.documents[0]?.disclose).toHaveLength(3)
  })

  it('may ask for several documents', async () => {
    const second = { passport: { ...mdl, docType: ['org.example.other.1'] }, fields: ['familyName'] as const }
    const verdict = await read(await createMdocRequest([wishes[0], second], { sessionTranscript, signer: reader }))
    expect(verdict.ok && verdict.documents.map(({ docType }) => docType)).toEqual([
      'org.iso.18013.5.1.mDL',
      'org.example.other.1',
    ])
  })

  it('takes an anchor that is the key of the reader', async () => {
    const trust = trustAnchors([{ jwk: reader.publicJwk, purposes: ['reader'], name: 'Known' }])
    expect(await read(honest, { trust })).toMatchObject({ ok: true, documents: [{ reader: { name: 'Known' } }] })
  })

  it('is copied, keeps nothing unsaid, and is signed with certificates', async () => {
    const [request, plain] = [honest.slice(), [{ passport: mdl, fields: ['familyName'] }] as const]
    const reading = read(request)
    request.fill(0)
    expect((await reading).ok).toBe(true)
    const verdict = await read(await createMdocRequest(plain))
    expect(verdict.ok && verdict.documents[0]!.retained).toEqual([])
    await expect(createMdocRequest(plain, { sessionTranscript, signer: { ...reader, x5c: [] } })).rejects.toThrow(
      TypeError,
    )
  })
})

describe('a request is refused', () => {
  const other = async () => (await makeAuthority()).anchor({ purposes: ['reader'] })
  const rows: readonly [title: string, code: string, make: () => unknown, demands?: () => Promise<object>][] = [
    [
      'when it was signed for another session',
      'reader_authentication_invalid',
      () => honest,
      async () => ({
        sessionTranscript: await dcApiTranscript({ origin: 'https://rental.example', nonce: session.nonce }),
      }),
    ],
    ['when nobody is trusted to read', 'issuer_untrusted', () => honest, async () => ({ trust: trustAnchors([]) })],
    [
      'when the anchor is for credentials',
      'issuer_untrusted',
      () => honest,
      async () => ({
        trust: trustAnchors([anchor({ purposes: ['credential', 'status'] })]),
      }),
    ],
    [
      'when the reader stands below another root',
      'certificate_signature_invalid',
      () => honest,
      async () => ({
        trust: trustAnchors([await other()]),
      }),
    ],
    [
      'when the reader is a document signer',
      'certificate_extended_key_usage',
      async () =>
        createMdocRequest(wishes, {
          sessionTranscript,
          signer: await readers.signer({ extensions: signerExtensions() }),
        }),
    ],
    [
      'when its certificate has run out',
      'certificate_expired',
      () => honest,
      async () => ({
        now: () => new Date(instant.getTime() + 4000 * 86_400_000),
      }),
    ],
    [
      'when the reader was revoked',
      'certificate_revoked',
      () => honest,
      async () => ({
        trust: trustAnchors([anchor({ crls: [await readers.crl([1, 2, 3, 4, 5, 6, 7, 8, 9])] })]),
      }),
    ],
    ['when the algorithm is not taken', 'alg_not_allowed', () => honest, async () => ({ algorithms: ['ES384'] })],
    [
      'when what is asked was changed',
      'reader_authentication_invalid',
      () =>
        changed(document =>
          document.set(
            'itemsRequest',
            itemsRequest(
              cborMap([
                ['docType', mdl.docType[0]!],
                ['nameSpaces', new Map([[namespace, new Map([['portrait', true]])]])],
              ]),
            ),
          ),
        ),
    ],
    [
      'when the payload is not detached',
      'mdoc_malformed',
      () =>
        changed(document => {
          const [headers, unprotected, , signature] = document.get('readerAuth') as readonly CborValue[]
          document.set('readerAuth', [headers!, unprotected!, new Uint8Array(1), signature!])
        }),
    ],
    [
      'when the signature has no certificate',
      'issuer_key_unknown',
      () =>
        changed(document => {
          const [headers, , payload, signature] = document.get('readerAuth') as readonly CborValue[]
          document.set('readerAuth', [headers!, new Map(), payload!, signature!])
        }),
    ],
    ['when it is of another version', 'mdoc_version_unsupported', () => changed(() => {}, { version: '2.0' })],
    ['when it asks for nothing', 'mdoc_malformed', () => changed(() => {}, { docRequests: [] })],
    [
      'when it names no elements',
      'mdoc_malformed',
      () =>
        changed(document =>
          document.set(
            'itemsRequest',
            itemsRequest(
              cborMap([
                ['docType', 'x'],
                ['nameSpaces', new Map()],
              ]),
            ),
          ),
        ),
    ],
    [
      'when it names no type',
      'mdoc_malformed',
      () =>
        changed(document =>
          document.set(
            'itemsRequest',
            itemsRequest(cborMap([['nameSpaces', new Map([['x', new Map([['y', true]])]])]])),
          ),
        ),
    ],
    [
      'when a wish is no truth value',
      'mdoc_malformed',
      () =>
        changed(document =>
          document.set(
            'itemsRequest',
            itemsRequest(
              cborMap([
                ['docType', 'x'],
                ['nameSpaces', new Map([['x', new Map([['y', 1]])]])],
              ]),
            ),
          ),
        ),
    ],
    [
      'when its items are not wrapped',
      'cbor_malformed',
      () => changed(document => document.set('itemsRequest', new Map())),
    ],
    ['when it is a list', 'mdoc_malformed', () => writeCbor([])],
    ['when it is no CBOR', 'cbor_malformed', () => new Uint8Array([0xff])],
    ['when it is text', 'format_unknown', () => 'x'],
    ['when it is nothing', 'format_unknown', () => undefined],
    ['when it is too long', 'limit_exceeded', () => new Uint8Array(5 * 1024 * 1024)],
  ]
  for (const [title, code, make, demands] of rows)
    it(title, async () => {
      expect(await summary(await make(), await demands?.())).toBe(code)
    })

  it('when any bit of it is flipped', async () => {
    const accepted: number[] = []
    for (let bit = 0; bit < honest.length * 8; bit += 3) {
      const flipped = new Uint8Array(honest)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const verdict = await read(flipped)
      // A member whose name was hit is one that we do not know: then nobody says who asks, and that is seen.
      if (verdict.ok && verdict.documents[0]?.reader !== undefined) accepted.push(bit)
    }
    expect(accepted).toEqual([])
  })
})

describe('options that are wrong', () => {
  const options = { sessionTranscript, trust: trustAnchors([]), now }
  it.each([
    ['options', undefined],
    ['sessionTranscript', { ...options, sessionTranscript: new Uint8Array([0x80]) }],
    ['trust', { ...options, trust: {} }],
    ['algorithms', { ...options, algorithms: [] }],
    ['now', { ...options, now: () => 7 }],
  ])('are a TypeError that names `%s`', async (argument, wrong) => {
    await expect(verifyMdocRequest(honest, wrong as never)).rejects.toThrow(new RegExp(`^\`${argument}\``))
  })

  it('name what is wrong with a wish', async () => {
    await expect(createMdocRequest([])).rejects.toThrow(TypeError)
    await expect(createMdocRequest([{ passport: mdl, fields: [] }])).rejects.toThrow(/wishes\[0\]\.fields/)
    await expect(createMdocRequest([{ passport: mdl, fields: ['shoeSize'] as never }])).rejects.toThrow(
      /fields that mdl/,
    )
    await expect(createMdocRequest([{ passport: { ...mdl, docType: [] }, fields: ['familyName'] }])).rejects.toThrow(
      /docType/,
    )
    const bare = await generateSigner('ES256')
    await expect(createMdocRequest(wishes, { sessionTranscript, signer: bare })).rejects.toThrow(/x5c/)
  })
})
