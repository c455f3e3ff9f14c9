/** Issue, present and verify, in every format and with every algorithm. */
import {
  english,
  explain,
  generateSigner,
  importSigner,
  presentMdoc,
  previewPresentation,
  reverifyEvidence,
  russian,
  verifyCredential,
  verifyMdocPresentation,
  verifyPresentation,
  verifyPresentationSet,
  verifySdJwtPresentation,
  verifyVcJwtPresentation,
} from 'vidimus'
import { accepted, casesOf, holds, misuses, refused, same } from './case.js'
import {
  card,
  cast,
  type Format,
  fields,
  formats,
  issue,
  makeCast,
  present,
  record,
  type SigningAlgorithm,
  shownClaims,
} from './world.js'

const algorithms: readonly SigningAlgorithm[] = ['ES256', 'ES384', 'ES512', 'Ed25519']

/** What a verifier reads, without the portrait, which a `vc+jwt` cannot hide. */
const claimsShown = (claims: object) => Object.fromEntries(fields.map(name => [name, Reflect.get(claims, name)]))

const inFormat = (format: Format) =>
  casesOf(`a ${format}`, {
    ...Object.fromEntries(
      algorithms.map(alg => [
        `with ${alg} is issued, shown and verified`,
        async () => {
          const world = await makeCast(alg)
          const shown = await present(world, format, await issue(world, format))
          const verdict = accepted(await verifyPresentation(shown, { ...world.demands, require: fields }))
          same([verdict.format, verdict.passport, claimsShown(verdict.claims)], [format, card.name, shownClaims])
          same(verdict.otherClaims, {})
        },
      ]),
    ),

    'is verified by the wallet that receives it': async () => {
      const world = await cast()
      const { trust, expectedPassport, status, now } = world.demands
      const options = { trust, expectedPassport, status, now, expectedHolderKey: world.holder.publicJwk }
      const credential = await issue(world, format)
      const { portrait, ...claims } = accepted(await verifyCredential(credential, options)).claims
      const { portrait: original, ...others } = record
      same([claims, portrait], [{ ...others, ageOver18: true }, original])
      const other = (await generateSigner('ES256')).publicJwk
      refused(await verifyCredential(credential, { ...options, expectedHolderKey: other }), 'holder_key_mismatch')
    },

    'leaves evidence that holds again, after it was archived as text': async () => {
      const world = await cast()
      const shown = await present(world, format, await issue(world, format))
      const verdict = accepted(await verifyPresentation(shown, world.demands))
      const archived = JSON.parse(JSON.stringify(verdict.evidence))
      const { trust, expectedPassport } = world.demands
      same(accepted(await reverifyEvidence(archived, { trust, expectedPassport })).claims, verdict.claims)
      const other = { ...archived, digest: archived.digest.replace(/.$/, (last: string) => (last === 'A' ? 'E' : 'A')) }
      refused(await reverifyEvidence(other, { trust, expectedPassport }), 'evidence_digest_mismatch')
    },
  })

export const lifeCases = [
  ...formats.flatMap(inFormat),

  ...casesOf('a holder', {
    'is shown what an SD-JWT VC would tell before it is sent': async () => {
      const world = await cast()
      const credential = (await issue(world, 'dc+sd-jwt')) as string
      const preview = previewPresentation(credential, { passport: card, disclose: ['familyName'] })
      same(
        preview.fields.filter(({ always }) => !always).map(({ field, value }) => [field, value]),
        [['familyName', record.familyName]],
      )
      holds('a preview is frozen', Object.isFrozen(preview))
    },

    'is shown what an mdoc would tell before it is sent': async () => {
      const world = await cast()
      const credential = (await issue(world, 'mso_mdoc')) as Uint8Array
      const preview = previewPresentation(credential, { passport: card, disclose: ['languages'] })
      same(
        preview.fields.filter(({ always }) => !always).map(({ field, value }) => [field, value]),
        [['languages', record.languages]],
      )
      const shown = await presentMdoc(preview, { sessionTranscript: world.session, signer: world.holder })
      same(accepted(await verifyPresentation(shown, world.demands)).claims, { languages: record.languages })
    },

    'proves its presence in an mdoc with a MAC for one reader': async () => {
      const world = await cast()
      const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
      const { crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
      const readerKey = { kty: 'EC', crv: crv!, x: x!, y: y!, d: d! }
      const shown = await presentMdoc((await issue(world, 'mso_mdoc')) as Uint8Array, {
        passport: card,
        disclose: ['rank'],
        sessionTranscript: world.session,
        signer: world.holder,
        deviceAuth: { mac: { kty: 'EC', crv: crv!, x: x!, y: y! } },
      })
      same(accepted(await verifyMdocPresentation(shown, { ...world.demands, readerKey })).claims, { rank: record.rank })
      refused(await verifyMdocPresentation(shown, world.demands), 'device_mac_key_missing')
    },

    'signs with a key that was imported, from a JWK and from the platform': async () => {
      const world = await cast()
      const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
      const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
      for (const holder of [
        await importSigner(pair.privateKey),
        await importSigner({ kty: kty!, crv: crv!, x: x!, y: y!, d: d! }),
      ]) {
        const own = { ...world, holder, to: { ...world.to, signer: holder } }
        for (const format of formats) {
          const shown = await present(own, format, await issue(own, format))
          same(accepted(await verifyPresentation(shown, world.demands)).holderKey, { kty, crv, x, y })
        }
      }
    },
  }),

  ...casesOf('a verifier', {
    'takes one format by the function for it': async () => {
      const world = await cast()
      const [sdJwt, mdoc, vc] = [
        await present(world, 'dc+sd-jwt', await issue(world, 'dc+sd-jwt')),
        await present(world, 'mso_mdoc', await issue(world, 'mso_mdoc')),
        await present(world, 'vc+sd-jwt', await issue(world, 'vc+sd-jwt')),
      ]
      same(accepted(await verifySdJwtPresentation(sdJwt, world.demands)).claims, shownClaims)
      same(accepted(await verifyMdocPresentation(mdoc, world.demands)).claims, shownClaims)
      same(accepted(await verifyVcJwtPresentation(vc, world.demands)).claims, shownClaims)
      refused(await verifySdJwtPresentation(vc, world.demands), 'jws_type_mismatch')
    },

    'takes several presentations that belong to one holder': async () => {
      const world = await cast()
      const presentations = {
        card: await present(world, 'dc+sd-jwt', await issue(world, 'dc+sd-jwt')),
        badge: await present(world, 'mso_mdoc', await issue(world, 'mso_mdoc')),
      }
      const { expectedPassport, ...shared } = world.demands
      const options = { ...shared, expect: { card: { expectedPassport }, badge: { expectedPassport } } }
      holds('the set is accepted', (await verifyPresentationSet(presentations, options)).ok)
      const { card: alone } = presentations
      const short = await verifyPresentationSet({ card: alone }, options)
      same(short.ok ? 'accepted' : short.code, 'presentation_set_incomplete')
    },

    'says why it refuses, in English and in Russian': async () => {
      const world = await cast()
      const shown = await present(world, 'dc+sd-jwt', await issue(world, 'dc+sd-jwt'))
      const verdict = await verifyPresentation(shown, { ...world.demands, expectedNonce: 'another nonce' })
      refused(verdict, 'key_binding_nonce_mismatch')
      if (verdict.ok) return
      const [one, other] = [explain(verdict, english), explain(verdict, russian)]
      holds('both are sentences, in two scripts', /[a-z]/.test(one) && /[а-я]/.test(other))
    },

    'is told what is wrong with its own options at once': async () => {
      const world = await cast()
      const { demands } = world
      await misuses(() => verifyPresentation('', { ...demands, trust: undefined as never }), 'trust')
      await misuses(() => verifyPresentation('', { ...demands, clockTolerance: 10_000 }), 'clockTolerance')
      for (const format of formats)
        await misuses(() => issue(world, format, { signer: world.signer.publicJwk }), 'signer')
    },
  }),
]
