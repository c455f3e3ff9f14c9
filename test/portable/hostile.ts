/** What must be refused, everywhere, with its code. */
import {
  euPidProfile,
  generateSigner,
  issueSdJwtCredential,
  openid4vpTranscript,
  presentSdJwt,
  trustAnchors,
  verifyCredential,
  verifyMdocPresentation,
  verifyPresentation,
} from 'vidimus'
import { developmentIssuer } from 'vidimus/testing'
import { accepted, casesOf, holds, refused, same, throws } from './case.js'
import { base64url, resigned, signJws, utf8 } from './jws.js'
import {
  audience,
  card,
  cast,
  type Format,
  fields,
  formats,
  instant,
  issue,
  issuing,
  later,
  nonce,
  once,
  present,
  record,
} from './world.js'

/** The formats whose presentations name the verifier that asked. */
const answering = formats.filter(format => format !== 'mso_mdoc')

/** One honest presentation of each format. */
const honest = once(async () => {
  const world = await cast()
  const shown = await Promise.all(
    formats.map(async format => [format, await present(world, format, await issue(world, format))] as const),
  )
  return Object.fromEntries(shown) as Record<Format, string | Uint8Array>
})

/** What is said of a presentation by a verifier who demands something else. */
async function judged(format: Format, changes: object = {}) {
  const { demands } = await cast()
  return verifyPresentation((await honest())[format], { ...demands, ...changes })
}

/** The input with one bit changed, about so many times and evenly spread. */
function* flips(input: string | Uint8Array, times: number): Generator<string | Uint8Array> {
  const step = Math.max(1, Math.floor(input.length / times))
  for (let at = 0; at < input.length; at += step) {
    const bit = 1 << (at % 7)
    if (typeof input !== 'string') yield input.map((byte, place) => (place === at ? byte ^ bit : byte))
    else yield input.slice(0, at) + String.fromCharCode(input.charCodeAt(at) ^ bit) + input.slice(at + 1)
  }
}

const inFormat = (format: Format) =>
  casesOf(`a ${format}`, {
    'with any bit changed is refused': async () => {
      const { demands } = await cast()
      const input = (await honest())[format]
      const { claims } = accepted(await verifyPresentation(input, demands))
      for (const flipped of flips(input, 150)) {
        const verdict = await verifyPresentation(flipped, demands)
        // Another text may stand for the same bytes: a deflate stream has idle bits.
        if (verdict.ok && format === 'qr') same(verdict.claims, claims)
        else holds('no change is accepted', !verdict.ok)
      }
    },

    'that is cut short, or has something behind it, is refused': async () => {
      const { demands } = await cast()
      const input = (await honest())[format]
      for (const length of [0, 1, 20, input.length >> 1, input.length - 1])
        holds(`its first ${length}`, !(await verifyPresentation(input.slice(0, length), demands)).ok)
      const longer = typeof input === 'string' ? `${input}~` : Uint8Array.of(...input, 0)
      holds('and more', !(await verifyPresentation(longer, demands)).ok)
    },

    'of an issuer whom nobody trusts is refused': async () => {
      refused(await judged(format, { trust: trustAnchors([]) }), 'issuer_untrusted')
      const { anchor } = await developmentIssuer({ issuer: 'https://other.example', now: () => instant })
      holds('another root', !(await judged(format, { trust: trustAnchors([anchor]) })).ok)
    },

    'that has run out is refused': async () => {
      const world = await cast()
      const validUntil = later(3600)()
      const then = { ...world, to: { ...world.to, now: later(3600) } }
      const shown = await present(then, format, await issue(world, format, { validUntil }))
      const at = (after: number) => verifyPresentation(shown, { ...world.demands, now: later(3600 + after) })
      refused(await at(61), 'credential_expired')
      const verdict = await at(59)
      if (format === 'mso_mdoc') same(accepted(verdict).validUntil?.getTime(), validUntil.getTime())
      else accepted(verdict)
    },

    'without a claim that is required is refused': async () => {
      const verdict = await judged(format, { require: ['familyName'] })
      accepted(verdict)
      if (format === 'vc+jwt') return // hides nothing
      refused(await judged(format, { require: ['familyName', 'givenName'] }), 'required_claim_missing')
    },

    'larger than its limit is refused before it is read': async () => {
      const { demands } = await cast()
      const huge = format === 'mso_mdoc' ? new Uint8Array(20_000_000) : `${(await honest())[format]}`.padEnd(20_000_000)
      refused(await verifyPresentation(huge, demands), 'limit_exceeded')
    },
  })

export const hostileCases = [
  ...formats.flatMap(inFormat),

  ...casesOf('a presentation', {
    'for another verifier is refused': async () => {
      for (const format of answering)
        refused(await judged(format, { expectedAudience: 'https://shop.example' }), 'key_binding_audience_mismatch')
    },

    'for another request is refused': async () => {
      for (const format of answering)
        refused(await judged(format, { expectedNonce: 'nonce-of-another-request' }), 'key_binding_nonce_mismatch')
    },

    'for another session is refused': async () => {
      const session = { clientId: audience, nonce: 'another', responseUri: 'https://bank.example/response' }
      const expectedSessionTranscript = await openid4vpTranscript(session)
      refused(await judged('mso_mdoc', { expectedSessionTranscript }), 'device_signature_invalid')
    },

    'that is too old is refused': async () => {
      const world = await cast()
      const ahead = { ...world, to: { ...world.to, now: later(61) } }
      for (const format of ['dc+sd-jwt', 'qr'] as const) {
        refused(await judged(format, { now: later(361) }), 'key_binding_too_old')
        const shown = await present(ahead, format, await issue(world, format))
        refused(await verifyPresentation(shown, world.demands), 'key_binding_in_future')
      }
    },

    'without its key binding is refused': async () => {
      const { demands } = await cast()
      const shown = (await honest())['dc+sd-jwt'] as string
      const stripped = shown.slice(0, shown.lastIndexOf('~') + 1)
      refused(await verifyPresentation(stripped, demands), 'key_binding_missing')
    },

    'signed by another than the holder is refused': async () => {
      const world = await cast()
      const thief = await generateSigner('ES256')
      const credential = (await issue(world, 'dc+sd-jwt')) as string
      await throws(
        () => presentSdJwt(credential, { disclose: [], ...world.to, signer: thief }),
        'presentation_not_bound',
      )
      const bound = { ...thief, publicJwk: world.holder.publicJwk }
      const shown = await presentSdJwt(credential, { disclose: [], ...world.to, signer: bound })
      refused(await verifyPresentation(shown, world.demands), 'key_binding_signature_invalid')
    },

    'with a disclosure twice, or another’s, is refused': async () => {
      const world = await cast()
      const [first, second] = [await issue(world, 'dc+sd-jwt'), await issue(world, 'dc+sd-jwt')] as [string, string]
      const [jwt, ...disclosures] = first.split('~').slice(0, -1)
      const twice = [jwt, ...disclosures, disclosures[0], ''].join('~')
      const anothers = [jwt, ...disclosures, second.split('~')[1], ''].join('~')
      const made = base64url(utf8(JSON.stringify(['c2FsdA', 'rank', 99])))
      const { trust, expectedPassport, status, now } = world.demands
      const wallet = { trust, expectedPassport, status, now }
      refused(await verifyCredential(twice, wallet), 'sd_jwt_duplicate_digest')
      for (const text of [anothers, [jwt, ...disclosures, made, ''].join('~')])
        refused(await verifyCredential(text, wallet), 'sd_jwt_unused_disclosure')
    },

    'of another type than expected is refused': async () => {
      for (const format of ['dc+sd-jwt', 'mso_mdoc', 'qr'] as const)
        refused(await judged(format, { expectedPassport: euPidProfile }), 'type_not_expected')
    },

    'in a format that nobody asked for is refused': async () => {
      const { demands } = await cast()
      const { expectedAudience: _audience, expectedNonce: _nonce, ...session } = demands
      const { expectedSessionTranscript: _session, ...request } = demands
      const { expectedQr: _qr, ...noCodes } = demands
      const inputs = await honest()
      refused(await verifyPresentation(inputs['dc+sd-jwt'], session), 'format_not_expected')
      refused(await verifyPresentation(inputs.mso_mdoc, request), 'format_not_expected')
      refused(await verifyPresentation(inputs.qr, noCodes), 'format_not_expected')
    },

    'that is no presentation at all is refused and nothing is thrown': async () => {
      const { demands } = await cast()
      const circle: Record<string, unknown> = {}
      circle['circle'] = circle
      const nonsense = [undefined, null, 7, 1n, Symbol('x'), '', '~', '.', {}, [], circle, () => 1, new Date(0), true]
      const bytes = [new Uint8Array(), new Uint8Array(8), Uint8Array.of(0xbf, 0xff), new Uint8Array(5000).fill(0x81)]
      for (const input of [...nonsense, ...bytes, '['.repeat(20_000), `${'a'.repeat(999)}.b.c~`])
        for (const verify of [verifyPresentation, verifyMdocPresentation])
          holds(typeof input, !(await verify(input, demands)).ok)
    },
  }),

  ...casesOf('an issuer’s key that was stolen', {
    'cannot sign with `none`, or say that it was another algorithm': async () => {
      const world = await cast()
      const credential = await issueSdJwtCredential(card, record, issuing(world))
      for (const alg of ['none', 'HS256', 'ES384', 'RS256']) {
        const forged = await resigned(credential, { header: { alg } }, world.signer)
        const shown = await presented(forged)
        refused(await verifyPresentation(shown, world.demands), 'alg_not_allowed')
      }
    },

    'cannot name an extension that we do not know as critical': async () => {
      const world = await cast()
      const credential = await issueSdJwtCredential(card, record, issuing(world))
      const forged = await resigned(credential, { header: { crit: ['exp'] } }, world.signer)
      refused(await verifyPresentation(await presented(forged), world.demands), 'crit_unsupported')
    },

    'cannot leave the holder’s key out': async () => {
      const world = await cast()
      const credential = await issueSdJwtCredential(card, record, issuing(world))
      const shown = (await presentSdJwt(credential, { passport: card, disclose: fields, ...world.to })) as string
      const forged = await resigned(shown, { payload: { cnf: undefined } }, world.signer)
      refused(await verifyPresentation(forged, world.demands), 'key_binding_key_missing')
    },
  }),
]

/** Whatever the credential says, with a key binding of the holder's own hand. */
async function presented(credential: string): Promise<string> {
  const { holder } = await cast()
  const shown = credential.slice(0, credential.lastIndexOf('~') + 1)
  const hash = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(shown) as BufferSource)))
  const claims = { iat: instant.getTime() / 1000, aud: audience, nonce, sd_hash: hash }
  return shown + (await signJws({ alg: holder.alg, typ: 'kb+jwt' }, claims, holder))
}
