/** Session transcripts, to the byte: the standards' own examples, what each input changes, and what is misuse. */
import { describe, expect, it } from 'vitest'
import { base64url } from '../../../src/core/bytes.js'
import { readCbor } from '../../../src/core/cbor/read.js'
import type { CborTag, CborValue } from '../../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../../src/core/cbor/write.js'
import { thumbprint } from '../../../src/core/jwk.js'
import { generateSigner } from '../../../src/core/keys.js'
import {
  annexCTranscript,
  dcApiTranscript,
  expectTranscript,
  openid4vpDraft18Transcript,
  openid4vpTranscript,
  proximityTranscript,
  type SessionTranscript,
} from '../../../src/formats/mdoc/session-transcript.js'
import { fromHex, toHex } from '../../core/support.js'
import { isDeepFrozen } from '../../refusal.js'
import annexD from '../../vectors/mdoc/annex-d.json' with { type: 'json' }
import openid from '../../vectors/openid4vp/mdoc-session-transcript.json' with { type: 'json' }

const { redirect, dc_api: dcApi } = openid
const signer = await generateSigner('ES256')

const hashOf = async (value: CborValue): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(writeCbor(value))))

const namesOf = ({ variants }: SessionTranscript): readonly string[] => variants.map(({ name }) => name)
const variant = ({ variants }: SessionTranscript, wanted: string): Uint8Array =>
  variants.find(({ name }) => name === wanted)!.bytes

describe('OpenID4VP 1.0', () => {
  const session = {
    clientId: redirect.client_id,
    nonce: redirect.nonce,
    responseUri: redirect.response_uri,
    encryptionKey: redirect.jwk,
  }

  it('B.2.6.1: by redirect', async () => {
    const { flow, bytes } = await openid4vpTranscript(session)
    expect([flow, toHex(bytes)]).toEqual(['openid4vp', redirect.session_transcript_hex])
    expect(toHex(bytes)).toContain(redirect.handover_hex)
    expect(base64url(fromHex(redirect.jwk_thumbprint_hex))).toBe(await thumbprint(redirect.jwk))
  })

  it('B.2.6.2: over the Digital Credentials API', async () => {
    const { flow, bytes } = await dcApiTranscript({
      origin: dcApi.origin,
      nonce: dcApi.nonce,
      encryptionKey: dcApi.jwk,
    })
    expect([flow, toHex(bytes)]).toEqual(['dc_api', dcApi.session_transcript_hex])
  })

  it('has null for the key of a response that is not encrypted', async () => {
    const { encryptionKey: _, ...plain } = session
    const info = [session.clientId, session.nonce, null, session.responseUri]
    const expected = writeCbor([null, null, ['OpenID4VPHandover', await hashOf(info)]])
    expect((await openid4vpTranscript(plain)).bytes).toEqual(expected)
    expect((await openid4vpTranscript({ ...plain, encryptionKey: undefined })).bytes).toEqual(expected)
    const unencrypted = await dcApiTranscript({ origin: dcApi.origin, nonce: dcApi.nonce })
    const other = await hashOf([dcApi.origin, dcApi.nonce, null])
    expect(unencrypted.bytes).toEqual(writeCbor([null, null, ['OpenID4VPDCAPIHandover', other]]))
  })

  it('takes of the key its coordinates alone, whatever else it says', async () => {
    const { kty, crv, x, y } = redirect.jwk
    const decorated = { ...redirect.jwk, key_ops: ['deriveBits'], kid: 'another' }
    for (const encryptionKey of [{ kty, crv, x, y }, decorated])
      expect(toHex((await openid4vpTranscript({ ...session, encryptionKey })).bytes)).toBe(
        redirect.session_transcript_hex,
      )
  })

  it.each([
    { kty: 'OKP', crv: 'X25519', x: `${'w'.repeat(42)}A` },
    { kty: 'OKP', crv: 'X448', x: `${'w'.repeat(74)}A` },
    { kty: 'EC', crv: 'P-521', x: 'w'.repeat(88), y: 'A'.repeat(88) },
    { kty: 'EC', crv: 'brainpoolP256r1', x: `${'w'.repeat(42)}A`, y: 'A'.repeat(43) },
  ])('takes a key to encrypt to on any curve: $crv', async encryptionKey => {
    const { clientId, nonce, responseUri } = session
    const { kty, crv, x, y } = encryptionKey
    // RFC 7638 §3.2: the members in the order of their names
    const members = JSON.stringify(y === undefined ? { crv, kty, x } : { crv, kty, x, y })
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(members))
    const info = await hashOf([clientId, nonce, new Uint8Array(hash), responseUri])
    const { bytes } = await openid4vpTranscript({
      ...session,
      encryptionKey: { ...encryptionKey, use: 'enc' } as never,
    })
    expect(bytes).toEqual(writeCbor([null, null, ['OpenID4VPHandover', info]]))
  })

  it('changes with every member of the session', async () => {
    const texts = new Set([toHex((await openid4vpTranscript(session)).bytes)])
    for (const change of [
      { clientId: 'redirect_uri:https://example.com' },
      { nonce: 'another' },
      { responseUri: 'https://example.com/other' },
      { encryptionKey: signer.publicJwk },
      { encryptionKey: undefined },
    ])
      texts.add(toHex((await openid4vpTranscript({ ...session, ...change })).bytes))
    expect(texts.size).toBe(6)
  })

  it('knows what it would have been otherwise', async () => {
    const transcript = await openid4vpTranscript({ ...session, mdocGeneratedNonce: 'mine' })
    expect(namesOf(transcript)).toEqual([
      'no_encryption_key',
      'client_id_without_prefix',
      'response_uri_slash',
      'flow_dc_api',
      'flow_dc_api no_encryption_key',
      'flow_openid4vp_draft18',
      'flow_openid4vp_draft18 client_id_without_prefix',
      'wrapped_in_tag_24',
    ])
    const { clientId, nonce, responseUri } = session
    const bare = 'example.com'
    const without = await openid4vpTranscript({ clientId, nonce, responseUri })
    expect(variant(transcript, 'no_encryption_key')).toEqual(without.bytes)
    const bareClient = await openid4vpTranscript({ ...session, clientId: bare })
    expect(variant(transcript, 'client_id_without_prefix')).toEqual(bareClient.bytes)
    const slash = await openid4vpTranscript({ ...session, responseUri: `${responseUri}/` })
    expect(variant(transcript, 'response_uri_slash')).toEqual(slash.bytes)
    expect(variant(slash, 'response_uri_slash')).toEqual(transcript.bytes)
    expect(toHex(variant(transcript, 'flow_dc_api'))).toBe(dcApi.session_transcript_hex)
    const plainDcApi = await dcApiTranscript({ origin: dcApi.origin, nonce })
    expect(variant(transcript, 'flow_dc_api no_encryption_key')).toEqual(plainDcApi.bytes)
    const draft = await openid4vpDraft18Transcript({ clientId, nonce, responseUri, mdocGeneratedNonce: 'mine' })
    expect(variant(transcript, 'flow_openid4vp_draft18')).toEqual(draft.bytes)
    const bareDraft = await openid4vpDraft18Transcript({
      clientId: bare,
      nonce,
      responseUri,
      mdocGeneratedNonce: 'mine',
    })
    expect(variant(transcript, 'flow_openid4vp_draft18 client_id_without_prefix')).toEqual(bareDraft.bytes)
    expect(variant(transcript, 'wrapped_in_tag_24')).toEqual(writeCbor(embed(transcript.bytes)))
    expect(variant(draft, 'flow_openid4vp no_encryption_key')).toEqual(without.bytes)
  })

  it('has no variant that would be itself', async () => {
    const least = await openid4vpTranscript({ clientId: 'bare', nonce: 'n', responseUri: 'no uri' })
    expect(namesOf(least)).toEqual(['response_uri_slash', 'wrapped_in_tag_24'])
    const dcApiNames = namesOf(await dcApiTranscript({ origin: dcApi.origin, nonce: 'n', encryptionKey: dcApi.jwk }))
    expect(dcApiNames).toEqual([
      'no_encryption_key',
      'origin_with_prefix',
      'origin_slash',
      'flow_openid4vp',
      'wrapped_in_tag_24',
    ])
    expect(namesOf(await dcApiTranscript({ origin: dcApi.origin, nonce: 'n' }))).not.toContain('no_encryption_key')
  })
})

describe('TS 18013-7', () => {
  it('annex B: drafts before OpenID4VP 1.0', async () => {
    const session = {
      clientId: 'example.com',
      nonce: 'n',
      responseUri: 'https://example.com/r',
      mdocGeneratedNonce: 'm',
    }
    const { flow, bytes } = await openid4vpDraft18Transcript(session)
    const handover = [await hashOf(['example.com', 'm']), await hashOf(['https://example.com/r', 'm']), 'n']
    expect([flow, bytes]).toEqual(['openid4vp_draft18', writeCbor([null, null, handover])])
  })

  it('annex C: over the Digital Credentials API', async () => {
    const session = { encryptionInfo: 'gmVkY2FwaaA', origin: 'https://example.com' }
    const transcript = await annexCTranscript(session)
    const handover = ['dcapi', await hashOf([session.encryptionInfo, session.origin])]
    expect([transcript.flow, transcript.bytes]).toEqual(['annex_c', writeCbor([null, null, handover])])
    const slash = await annexCTranscript({ ...session, origin: 'https://example.com/' })
    expect(variant(transcript, 'origin_slash')).toEqual(slash.bytes)
    const padded = await annexCTranscript({ ...session, encryptionInfo: 'gmVkY2FwaaA=' })
    expect(variant(transcript, 'encryption_info_padded')).toEqual(padded.bytes)
  })
})

describe('proximity, 18013-5', () => {
  const wrapped = fromHex(annexD.ISO_18013_5_ANNEX_D_SESSION_TRANSCRIPT_BYTES)
  const whole = (readCbor(wrapped) as CborTag).value as Uint8Array
  const [engagement, readerKey, handover] = readCbor(whole) as [CborTag, CborTag, [Uint8Array, Uint8Array]]
  const parts = { deviceEngagement: engagement.encoded!, readerKey: readerKey.value as Uint8Array }
  const [select, request] = handover

  it('annex D: engaged by NFC', async () => {
    const { flow, bytes } = await proximityTranscript({ ...parts, nfc: { select, request } })
    expect([flow, toHex(bytes)]).toEqual(['proximity_nfc', toHex(whole)])
  })

  it('takes both parts as they are or wrapped in tag 24', async () => {
    const other = { deviceEngagement: engagement.value as Uint8Array, readerKey: readerKey.encoded! }
    expect((await proximityTranscript({ ...other, nfc: { select, request } })).bytes).toEqual(whole)
  })

  it('has null for what did not happen: no NFC, or a handover without request', async () => {
    const qr = await proximityTranscript(parts)
    expect([qr.flow, qr.bytes]).toEqual(['proximity_qr', writeCbor([engagement, readerKey, null])])
    expect(namesOf(qr)).toEqual(['wrapped_in_tag_24'])
    const still = await proximityTranscript({ ...parts, nfc: { select } })
    expect(still.bytes).toEqual(writeCbor([engagement, readerKey, [select, null]]))
    const full = await proximityTranscript({ ...parts, nfc: { select, request } })
    expect(variant(full, 'flow_proximity_qr')).toEqual(qr.bytes)
    expect(variant(full, 'nfc_without_request')).toEqual(still.bytes)
    expect(namesOf(still)).not.toContain('nfc_without_request')
  })
})

describe('parts of a proximity session that are wrong', () => {
  const map = Uint8Array.of(0xa0)
  const nfc = { select: Uint8Array.of(1), request: Uint8Array.of(2) }
  const refused = async (change: object, message: string) => {
    const work = proximityTranscript({ deviceEngagement: map, readerKey: map, nfc, ...change } as never)
    await expect(work).rejects.toThrow(TypeError)
    await expect(work).rejects.toThrow(message)
  }

  it.each<[string, unknown]>([
    ['no CBOR', Uint8Array.of(0xff)],
    ['CBOR and one more byte', Uint8Array.of(0xa0, 0)],
    ['no map', Uint8Array.of(0x80)],
    ['no map in tag 24', writeCbor(embed(Uint8Array.of(0x80)))],
    ['no CBOR in tag 24', writeCbor(embed(Uint8Array.of(0xff)))],
    ['another tag', Uint8Array.of(0xc0, 0xa0)],
    ['the text of bytes', 'a0'],
  ])('of %s are a TypeError', async (_, wrong) => {
    await refused({ deviceEngagement: wrong }, '`deviceEngagement` must be')
    await refused({ readerKey: wrong }, '`readerKey` must be')
  })

  it('as messages of NFC are a TypeError', async () => {
    for (const wrong of [null, 7, 'nfc']) await refused({ nfc: wrong }, '`nfc` must be')
    for (const wrong of [undefined, null, 'text', new Uint8Array()])
      await refused({ nfc: { select: wrong } }, '`nfc.select` must be')
    for (const wrong of [null, 'text', new Uint8Array()])
      await refused({ nfc: { ...nfc, request: wrong } }, '`nfc.request` must be')
  })
})

it('an EncryptionInfo that is not base64url is a TypeError', async () => {
  for (const encryptionInfo of ['not base64!!', 'e', 'gmVk+A', 'gmVk===', '='])
    await expect(annexCTranscript({ encryptionInfo, origin: 'https://o.example' })).rejects.toThrow(
      new TypeError('`encryptionInfo` must be base64url'),
    )
})

describe('a transcript of the caller', () => {
  it('is one of ours, or the bytes of the array', async () => {
    const ours = await dcApiTranscript({ origin: dcApi.origin, nonce: 'n' })
    expect(expectTranscript(ours, 'it')).toEqual(ours)
    expect(isDeepFrozen(ours)).toBe(true)
    const bytes = new Uint8Array(ours.bytes)
    const theirs = expectTranscript(bytes, 'it')
    bytes.fill(0)
    expect([theirs.bytes, theirs.variants]).toEqual([ours.bytes, []])
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'x'],
    ['an object of another kind', { bytes: 'x' }],
    ['no bytes', new Uint8Array()],
    ['an array of two', writeCbor([null, null])],
    ['no array', writeCbor('SessionTranscript')],
    ['the bytes wrapped in tag 24', writeCbor(embed(writeCbor([null, null, null])))],
    ['bytes and one more', Uint8Array.of(0x83, 0xf6, 0xf6, 0xf6, 0)],
  ])('is not %s', (_, given) => {
    expect(() => expectTranscript(given, 'sessionTranscript')).toThrow(/^`sessionTranscript` must be/)
    expect(() => expectTranscript(given, 'sessionTranscript')).toThrow(TypeError)
  })
})

describe('a session that is wrong', () => {
  const makers: Readonly<Record<string, [make: (session: never) => Promise<SessionTranscript>, session: object]>> = {
    openid4vp: [openid4vpTranscript, { clientId: 'c', nonce: 'n', responseUri: 'r' }],
    dcApi: [dcApiTranscript, { origin: 'https://o.example', nonce: 'n' }],
    annexC: [annexCTranscript, { encryptionInfo: 'gmVkY2FwaaA', origin: 'o' }],
    proximity: [proximityTranscript, { deviceEngagement: Uint8Array.of(0xa0), readerKey: Uint8Array.of(0xa0) }],
  }
  const rows = Object.entries(makers).flatMap(([maker, [, session]]) =>
    Object.keys(session).map((member): [string, string] => [maker, member]),
  )

  it('of a draft is one too, though wallets were there whose own nonce was empty', async () => {
    const session = { clientId: 'c', nonce: 'n', responseUri: 'r', mdocGeneratedNonce: '' }
    await expect(openid4vpDraft18Transcript(session)).resolves.toHaveProperty('bytes')
    for (const member of ['clientId', 'nonce', 'responseUri', 'mdocGeneratedNonce'] as const)
      for (const wrong of [undefined, null, 7])
        await expect(openid4vpDraft18Transcript({ ...session, [member]: wrong } as never)).rejects.toThrow(
          `\`${member}\` must be`,
        )
    await expect(openid4vpDraft18Transcript(7 as never)).rejects.toThrow('`session` must be')
  })

  it.each(rows)('of %s is a TypeError that names `%s`', async (maker, member) => {
    const [make, session] = makers[maker]!
    await expect(make(session as never)).resolves.toHaveProperty('bytes')
    for (const wrong of [undefined, null, '', 7, new Uint8Array(), 'half \ud800']) {
      const work = make({ ...session, [member]: wrong } as never)
      await expect(work).rejects.toThrow(TypeError)
      await expect(work).rejects.toThrow(`\`${member}\` must be`)
    }
  })

  it.each(Object.keys(makers))('of %s is a TypeError where it is none', async maker => {
    const [make] = makers[maker]!
    for (const wrong of [undefined, null, 7]) await expect(make(wrong as never)).rejects.toThrow('`session` must be')
  })

  it('is a TypeError where the origin has its prefix, or the key is none or private', async () => {
    await expect(dcApiTranscript({ origin: 'origin:https://o.example', nonce: 'n' })).rejects.toThrow(
      /^`origin` must be.*prefix/,
    )
    const { kty, crv, x } = redirect.jwk
    for (const wrong of [
      ...[null, 7, 'key', {}],
      { kty, crv, x },
      { ...redirect.jwk, kty: 'RSA' },
      { ...redirect.jwk, kty: 'OKP' },
      { ...redirect.jwk, crv: undefined },
      { ...redirect.jwk, crv: 'P-256","e":"' },
      { ...redirect.jwk, x: x.slice(1) },
      { ...redirect.jwk, y: x.slice(4) },
      { ...redirect.jwk, y: `${x.slice(1)}=` },
      { kty: 'OKP', crv: 'X25519', x: '' },
      { kty: 'OKP', crv: 'X25519', x: x.slice(4) },
      { kty: 'OKP', crv: 'X25519', x, d: x },
      { ...redirect.jwk, d: redirect.jwk.x },
      { ...redirect.jwk, crv: 'P-521' },
    ])
      for (const work of [
        openid4vpTranscript({ clientId: 'c', nonce: 'n', responseUri: 'r', encryptionKey: wrong as never }),
        dcApiTranscript({ origin: 'https://o.example', nonce: 'n', encryptionKey: wrong as never }),
      ])
        await expect(work).rejects.toThrow(/^`encryptionKey` must be/)
  })
})
