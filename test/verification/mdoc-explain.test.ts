/** When the device's proof does not hold, the verdict says what it was made for, if it is one of the usual mistakes. */
import { describe, expect, it } from 'vitest'
import { digest } from '#crypto'
import { concatBytes } from '../../src/core/bytes.js'
import type { CborKey, CborValue } from '../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../src/core/cbor/write.js'
import {
  annexCTranscript,
  dcApiTranscript,
  openid4vpDraft18Transcript,
  openid4vpTranscript,
  proximityTranscript,
  type SessionTranscript,
} from '../../src/formats/mdoc/session-transcript.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { english } from '../../src/wording/english.js'
import { explain } from '../../src/wording/explain.js'
import { russian } from '../../src/wording/russian.js'
import { crew } from '../harbour.js'
import {
  forgeMdoc,
  type MdocChanges,
  type Members,
  makeMdocWorld,
  mdocExpectations,
  sessionOptions,
} from '../mdoc-forge.js'
import { expectRefusal } from '../refusal.js'

const world = await makeMdocWorld()
const { d: _d, key_ops: _o, ext: _e, ...encryptionKey } = world.readerKey as Record<string, string>
const { clientId, nonce, responseUri } = sessionOptions
const bare = clientId.slice(clientId.indexOf(':') + 1)
const origin = 'https://bank.example'
const mdocGeneratedNonce = 'wallet'
const engagement = { deviceEngagement: Uint8Array.of(0xa0), readerKey: Uint8Array.of(0xa0) }
const nfc = { select: Uint8Array.of(1), request: Uint8Array.of(2) }
const key = { encryptionKey } as object

const wrapped = async (making: Promise<SessionTranscript>) => writeCbor(embed((await making).bytes))
const bytesOf = async (making: Promise<SessionTranscript>) => (await making).bytes

/** What the verifier expects, what the device proved, and the name of the difference. */
const rows: readonly (readonly [
  expected: () => Promise<SessionTranscript>,
  proved: () => Promise<Uint8Array>,
  name: string,
])[] = [
  [
    () => openid4vpTranscript({ ...sessionOptions, ...key }),
    () => bytesOf(openid4vpTranscript(sessionOptions)),
    'no_encryption_key',
  ],
  [
    () => openid4vpTranscript(sessionOptions),
    () => bytesOf(openid4vpTranscript({ ...sessionOptions, clientId: bare })),
    'client_id_without_prefix',
  ],
  [
    () => openid4vpTranscript(sessionOptions),
    () => bytesOf(openid4vpTranscript({ ...sessionOptions, responseUri: `${responseUri}/` })),
    'response_uri_slash',
  ],
  [
    () => openid4vpTranscript({ ...sessionOptions, responseUri: `${responseUri}/` }),
    () => bytesOf(openid4vpTranscript(sessionOptions)),
    'response_uri_slash',
  ],
  [() => openid4vpTranscript(sessionOptions), () => bytesOf(dcApiTranscript({ origin, nonce })), 'flow_dc_api'],
  [
    () => openid4vpTranscript({ ...sessionOptions, ...key }),
    () => bytesOf(dcApiTranscript({ origin, nonce, ...key })),
    'flow_dc_api',
  ],
  [
    () => openid4vpTranscript({ ...sessionOptions, ...key }),
    () => bytesOf(dcApiTranscript({ origin, nonce })),
    'flow_dc_api no_encryption_key',
  ],
  [
    () => openid4vpTranscript({ ...sessionOptions, mdocGeneratedNonce }),
    () => bytesOf(openid4vpDraft18Transcript({ ...sessionOptions, mdocGeneratedNonce })),
    'flow_openid4vp_draft18',
  ],
  [
    () => openid4vpTranscript({ ...sessionOptions, mdocGeneratedNonce }),
    () => bytesOf(openid4vpDraft18Transcript({ ...sessionOptions, clientId: bare, mdocGeneratedNonce })),
    'flow_openid4vp_draft18 client_id_without_prefix',
  ],
  [() => openid4vpTranscript(sessionOptions), () => wrapped(openid4vpTranscript(sessionOptions)), 'wrapped_in_tag_24'],
  [
    () => openid4vpDraft18Transcript({ ...sessionOptions, mdocGeneratedNonce }),
    () => bytesOf(openid4vpTranscript(sessionOptions)),
    'flow_openid4vp no_encryption_key',
  ],
  [
    () => dcApiTranscript({ origin, nonce, ...key }),
    () => bytesOf(dcApiTranscript({ origin, nonce })),
    'no_encryption_key',
  ],
  [() => dcApiTranscript({ origin, nonce }), () => writtenDcApi(`origin:${origin}`), 'origin_with_prefix'],
  [
    () => dcApiTranscript({ origin, nonce }),
    () => bytesOf(dcApiTranscript({ origin: `${origin}/`, nonce })),
    'origin_slash',
  ],
  [
    () => dcApiTranscript({ origin, nonce }),
    () => bytesOf(openid4vpTranscript({ clientId: `origin:${origin}`, nonce, responseUri: origin })),
    'flow_openid4vp',
  ],
  [
    () => annexCTranscript({ encryptionInfo: 'gmVk', origin }),
    () => bytesOf(annexCTranscript({ encryptionInfo: 'gmVk', origin: `${origin}/` })),
    'origin_slash',
  ],
  [
    () => annexCTranscript({ encryptionInfo: 'gmVkYw', origin }),
    () => bytesOf(annexCTranscript({ encryptionInfo: 'gmVkYw==', origin })),
    'encryption_info_padded',
  ],
  [
    () => proximityTranscript({ ...engagement, nfc }),
    () => bytesOf(proximityTranscript(engagement)),
    'flow_proximity_qr',
  ],
  [
    () => proximityTranscript({ ...engagement, nfc }),
    () => bytesOf(proximityTranscript({ ...engagement, nfc: { select: nfc.select } })),
    'nfc_without_request',
  ],
]

/** With an origin that the function does not take. */
async function writtenDcApi(origin: string): Promise<Uint8Array> {
  const info = writeCbor([origin, nonce, null])
  return writeCbor([null, null, ['OpenID4VPDCAPIHandover', await digest('sha-256', info)]])
}

async function judged(changes: MdocChanges, expectedSessionTranscript: SessionTranscript | Uint8Array = world.session) {
  const input = await forgeMdoc(world, changes)
  const verdict = await verifyMdocPresentation(input, { ...mdocExpectations(world), expectedSessionTranscript })
  if (!verdict.ok) expectRefusal(verdict, input)
  return verdict
}

describe('a proof made for a neighbouring session', () => {
  for (const [index, [expected, proved, name]] of rows.entries())
    for (const mac of [false, true])
      it(`is refused and named: ${name}, ${mac ? 'MAC' : 'signature'} (${index})`, async () => {
        const session = await expected()
        const verdict = await judged({ mac, transcript: await proved() }, session)
        const code = mac ? 'device_mac_invalid' : 'device_signature_invalid'
        expect(verdict).toMatchObject({ ok: false, code })
        const check = verdict.checks.find(({ id }) => id === 'device_authentication')
        expect(check).toMatchObject({ code, expected: session.flow, actual: name })
        for (const catalogue of [english, russian]) {
          expect(explain(verdict, catalogue)).toContain(name)
          expect(explain(check!, catalogue)).toContain(name)
        }
      })

  it('is named by every difference that a transcript knows', async () => {
    const names = new Set(rows.map(([, , name]) => name))
    for (const [expected] of rows) for (const { name } of (await expected()).variants) expect(names).toContain(name)
  })

  it('is refused where a verifier brings bytes alone, and not named', async () => {
    const verdict = await judged({ transcript: (await dcApiTranscript({ origin, nonce })).bytes }, world.session.bytes)
    expect(verdict.ok).toBe(false)
    const check = verdict.checks.find(({ id }) => id === 'device_authentication')
    expect(check).toMatchObject({ code: 'device_signature_invalid', expected: undefined, actual: undefined })
  })
})

describe('a proof made for something else', () => {
  it('is refused and not named', async () => {
    const transcript = (await openid4vpTranscript({ ...sessionOptions, nonce: 'other' })).bytes
    for (const mac of [false, true]) {
      const { checks } = await judged({ mac, transcript })
      const check = checks.find(({ id }) => id === 'device_authentication')!
      expect(check.actual).toBeUndefined()
      expect(explain(check, english)).not.toContain('it was made for:')
      expect(explain(check, russian)).not.toContain('{')
    }
  })

  it('is named when the device signed other bytes of the same elements than it sent', async () => {
    const elements = new Map([[crew, new Map<CborKey, CborValue>([['watch', 'first']])]])
    const content = writeCbor(elements)
    const authorized = (map: Members) =>
      void (map.get('deviceKeyInfo') as Members).set('keyAuthorizations', new Map([['nameSpaces', [crew]]]))
    const { checks } = await judged({
      mso: authorized,
      deviceNameSpaces: concatBytes(Uint8Array.of(0xd8, 0x18, 0x59, 0, content.length), content),
      provenNameSpaces: writeCbor(embed(content)),
    })
    const check = checks.find(({ id }) => id === 'device_authentication')
    expect(check).toMatchObject({ code: 'device_signature_invalid', actual: 'device_namespaces_rewritten' })
  })

  it('leaves the details of another refusal alone', async () => {
    const input = await forgeMdoc(world, {
      mac: true,
      deviceProof: ([, ...rest]) => [writeCbor(new Map([[1, 4]])), ...rest],
    })
    const { checks } = await verifyMdocPresentation(input, mdocExpectations(world))
    expect(checks.find(({ outcome }) => outcome === 'failed')).toMatchObject({ code: 'alg_not_allowed', expected: 5 })
  })
})
