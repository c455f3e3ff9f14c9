/** Codes: what fits one, what takes several, how they are drawn and scanned, and what a counter makes of them. */
import {
  frameCollector,
  generateSigner,
  presentQr,
  previewPresentation,
  splitFrames,
  verifyPresentation,
  verifyQrPresentation,
} from 'vidimus'
import { drawQr, scanQr } from 'vidimus/qr'
import { photograph } from '../qr/paper.js'
import { accepted, casesOf, holds, misuses, refused, same, throws } from './case.js'
import { card, cast, fields, issue, later, once, present, record, shownClaims } from './world.js'

/** A counter that asked nobody, and a code that answers nobody. */
const counter = once(async () => {
  const world = await cast()
  const {
    expectedAudience: _audience,
    expectedNonce: _nonce,
    expectedSessionTranscript: _session,
    ...rest
  } = world.demands
  const demands = { ...rest, expectedQr: { maxAge: 60 } }
  const credential = (await issue(world, 'qr')) as string
  const to = { signer: world.holder, now: world.to.now }
  const text = await presentQr(credential, { passport: card, disclose: fields, ...to })
  return { world, demands, credential, to, text }
})

/** A text that takes four codes, and another of that length. */
const [long, other] = ['LONG', 'OTHER'].map(word => word.repeat(1000).slice(0, 3000)) as [string, string]

export const qrCases = [
  ...casesOf('a code', {
    'that nobody asked for is judged by its age, and the verdict says so': async () => {
      const { demands, text } = await counter()
      const verdict = accepted(await verifyQrPresentation(text, demands))
      same([verdict.format, verdict.claims], ['qr', shownClaims])
      same(verdict.checks.find(({ id }) => id === 'key_binding_nonce')?.code, 'replay_not_checked')
      accepted(await verifyQrPresentation(text, { ...demands, now: later(119) }))
      refused(await verifyQrPresentation(text, { ...demands, now: later(121) }), 'key_binding_too_old')
    },

    'is refused that answers a request which nobody made, or none where one was made': async () => {
      const { world, demands, credential, text } = await counter()
      refused(
        await verifyQrPresentation(await present(world, 'qr', credential), demands),
        'key_binding_audience_mismatch',
      )
      refused(await verifyPresentation(text, world.demands), 'key_binding_audience_mismatch')
    },

    'that a wallet keeps is shown to nobody': async () => {
      const { demands, credential } = await counter()
      refused(await verifyQrPresentation(credential, demands), 'key_binding_missing')
    },

    'signed by another than the holder is refused': async () => {
      const { demands, credential, to } = await counter()
      const thief = await generateSigner('ES256')
      const choice = { passport: card, disclose: fields, ...to }
      await throws(() => presentQr(credential, { ...choice, signer: thief }), 'presentation_not_bound')
      const bound = { ...thief, publicJwk: to.signer.publicJwk }
      const forged = await presentQr(credential, { ...choice, signer: bound })
      refused(await verifyQrPresentation(forged, demands), 'key_binding_signature_invalid')
    },

    'is what its preview showed': async () => {
      const { demands, credential, to } = await counter()
      const preview = previewPresentation(credential, { passport: card, disclose: ['givenName', 'portrait'] })
      same(
        preview.fields.filter(({ always }) => !always).map(({ field, value }) => [field, value]),
        [
          ['givenName', record.givenName],
          ['portrait', record.portrait],
        ],
      )
      const { claims } = accepted(await verifyQrPresentation(await presentQr(preview, to), demands))
      same(claims, { givenName: record.givenName, portrait: record.portrait })
    },

    'is drawn, photographed and scanned': async () => {
      const { demands, text } = await counter()
      const scanned = await scanQr(photograph(drawQr(text), { picture: 560, degrees: 4, blur: 1, light: [30, 200] }))
      same(scanned, text)
      same(accepted(await verifyQrPresentation(scanned, demands)).claims, shownClaims)
      same(await scanQr({ width: 64, height: 64, data: new Uint8Array(4 * 64 * 64).fill(255) }), undefined)
      await throws(async () => drawQr('A'.repeat(4297)), 'qr_too_long')
      await throws(() => scanQr({ width: 2, height: 2, data: new Uint8Array(15) }), 'qr_image_unreadable')
    },
  }),

  ...casesOf('several codes', {
    'carry a text that one does not hold, in any order': async () => {
      const { demands, text } = await counter()
      const frames = await splitFrames(text, { frameLength: 400 })
      holds('there are several', frames.length > 2)
      const collector = frameCollector()
      const [first, ...rest] = frames as [string, ...string[]]
      for (const frame of [...rest.toReversed(), rest[0]!]) await collector.add(frame)
      const progress = await collector.add(first)
      holds('the last one completes them', progress.done)
      if (progress.done) same(accepted(await verifyQrPresentation(progress.text, demands)).claims, shownClaims)
      await throws(() => collector.add(first), 'qr_frames_complete')
    },

    'are told from those of another text, and from what is no code of ours': async () => {
      const [frames, others] = [await splitFrames(long, { frameLength: 1000 }), await splitFrames(other)]
      const collector = frameCollector()
      await collector.add(frames[0]!)
      await throws(() => collector.add(others[1]!), 'qr_frame_mixed')
      await throws(() => collector.add('https://example.org'), 'qr_frame_mixed')
      await throws(() => collector.add(frames[1]!.slice(0, 40)), 'qr_frame_malformed')
      await throws(() => collector.add(frames[0]!.replace(/.$/, '-')), 'qr_frame_conflict')
      await throws(() => collector.add(undefined as never), 'input_not_text')
      await throws(() => collector.add('A'.repeat(10_000_000)), 'limit_exceeded')
      same(await collector.add(frames[1]!), { done: false, count: 4, missing: [3, 4] })
    },

    'that were altered give no text': async () => {
      const [last, ...rest] = (await splitFrames(long)).toReversed() as [string, ...string[]]
      const collector = frameCollector()
      for (const frame of rest) await collector.add(frame)
      await throws(() => collector.add(last.replace(/.$/, '-')), 'qr_frames_altered')
    },

    'are made of what fits into 99 of them, and of nothing else': async () => {
      await throws(() => splitFrames('A'.repeat(65_537)), 'qr_too_long')
      await misuses(() => splitFrames('small letters'), 'text')
    },
  }),

  ...casesOf('a scanned text', {
    'that is no passport is refused, whatever it is': async () => {
      const { demands, text } = await counter()
      refused(await verifyQrPresentation('https://example.org/no-passport', demands), 'format_unknown')
      refused(await verifyQrPresentation(new Uint8Array(8), demands), 'format_not_expected')
      refused(await verifyQrPresentation(undefined, demands), 'input_not_text')
      refused(await verifyQrPresentation('VQP1:'.padEnd(10_000_000, '0'), demands), 'limit_exceeded')
      for (const nonsense of ['VQP1:', 'VQP1:a', 'VQP1:::::', 'VQP1:00', text.slice(0, -2), `${text}0`, ` ${text}`])
        holds(nonsense.slice(0, 10), !(await verifyQrPresentation(nonsense, demands)).ok)
    },
  }),
]
