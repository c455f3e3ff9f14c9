/** What the mdoc libraries of others issue and present, verified by us. */
import { describe, expect, it } from 'vitest'
import { presentMdoc } from '../../../src/presentation/mdoc.js'
import { previewPresentation } from '../../../src/presentation/preview.js'
import { verifyMdocPresentation } from '../../../src/verification/mdoc.js'
import { expectRefusal, reasons } from '../../refusal.js'
import { animo } from './animo.js'
import { auth0 } from './auth0.js'
import { owf } from './owf.js'
import { anotherTranscript, expectations, licence, makeMdocWorld, publicPart } from './world.js'

const seen = { familyName: licence.familyName, birthDate: licence.birthDate, ageOver18: true }

describe.each([auth0, owf, animo])('$name', ({ name, algorithms, macs, issue, present }) => {
  describe.each(algorithms)('with %s', async alg => {
    const world = await makeMdocWorld(alg)
    const { credential, holder, reader, transcript } = world
    const issued = await issue(world)
    const to = { sessionTranscript: transcript, signer: holder.signer }
    const expected = expectations(world)

    it('issued a licence with every field, and presented three', async () => {
      const verdict = await verifyMdocPresentation(await present(world, issued, 'signature'), expected)
      expect(reasons(verdict)).toEqual([])
      expect(verdict.ok && { ...verdict.claims }).toEqual(seen)
      expect(verdict.ok && verdict.holderKey).toMatchObject(publicPart(holder.jwk))
    })

    it('issued what our holder presents', async () => {
      const preview = previewPresentation(issued, {
        passport: expected.expectedPassport,
        disclose: Object.keys(licence) as never,
      })
      expect(preview.missing.filter(([, element]) => name !== auth0.name || element !== 'driving_privileges')).toEqual(
        [],
      )
      const verdict = await verifyMdocPresentation(await presentMdoc(preview, to), expected)
      expect(reasons(verdict)).toEqual([])
      const { drivingPrivileges, ...rest } = licence
      expect(verdict.ok && verdict.claims).toMatchObject(rest)
      if (name !== auth0.name) expect(verdict.ok && verdict.claims).toMatchObject({ drivingPrivileges })
    })

    it('presented what our issuer issued', async () => {
      const verdict = await verifyMdocPresentation(await present(world, credential, 'signature'), expected)
      expect(reasons(verdict)).toEqual([])
      expect(verdict.ok && { ...verdict.claims }).toEqual(seen)
    })

    // Ed25519 keys sign and agree on nothing.
    const agrees = alg === 'EdDSA' ? undefined : it
    agrees?.(macs ? 'made a MAC that holds' : 'made a MAC that is none of COSE’s', async () => {
      const sent = await present(world, issued, 'mac')
      const verdict = await verifyMdocPresentation(sent, { ...expected, readerKey: reader })
      expect(reasons(verdict)).toEqual(macs ? [] : ['device_mac_invalid at device_authentication'])
    })

    it('presented for another session, which is refused', async () => {
      const sent = await present({ ...world, transcript: await anotherTranscript() }, issued, 'signature')
      const verdict = await verifyMdocPresentation(sent, expected)
      expectRefusal(verdict, sent)
      expect(verdict.code).toBe('device_signature_invalid')
    })
  })
})
