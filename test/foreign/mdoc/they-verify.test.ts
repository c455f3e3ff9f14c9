/** What we issue and present, verified by the mdoc libraries of others. */
import { describe, expect, it } from 'vitest'
import { logIssuance } from '../../../src/audit/issuance.js'
import { openAuditLog } from '../../../src/audit/log.js'
import { generateSigner } from '../../../src/core/keys.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { issueMdocCredential } from '../../../src/credential/mdoc.js'
import { readIssuerSigned } from '../../../src/formats/mdoc/issuer-signed.js'
import { logProofLabel } from '../../../src/formats/tlog/logged.js'
import { mdl } from '../../../src/passport/mdl.js'
import { presentMdoc } from '../../../src/presentation/mdoc.js'
import { previewPresentation } from '../../../src/presentation/preview.js'
import { memoryStore } from '../../../src/store/memory.js'
import { animo } from './animo.js'
import { auth0 } from './auth0.js'
import { owf } from './owf.js'
import { anotherTranscript, licence, makeMdocWorld, namespace, publicPart, shown } from './world.js'

const disclose = shown.map(element => [namespace, element] as const)

describe.each([auth0, owf, animo])('$name', ({ algorithms, macs, verify, present }) => {
  describe.each(algorithms)('with %s', async alg => {
    const world = await makeMdocWorld(alg)
    const { credential, holder, reader, transcript } = world
    const to = { sessionTranscript: transcript, signer: holder.signer }
    const agrees = macs && alg !== 'EdDSA'

    it('verifies what we issued and presented, element by element and whole', async () => {
      await verify(world, await presentMdoc(credential, { disclose, ...to }))
      const fields = ['portrait', 'drivingPrivileges', 'birthDate', 'ageOver18', 'issuingCountry'] as const
      await verify(world, await presentMdoc(previewPresentation(credential, { passport: mdl, disclose: fields }), to))
    })

    it('verifies a document whose protected header says that it was logged', async () => {
      const log = await openAuditLog({
        store: memoryStore(),
        origin: 'passport.example/log',
        signer: await generateSigner('EdDSA'),
      })
      const logged = await issueMdocCredential(mdl, licence, {
        signer: world.issuer.signer,
        holderKey: holder.signer.publicJwk,
        log: logIssuance(log, { actor: 'operator', reason: 'first_issue' }),
      })
      expect(readIssuerSigned(logged, defaultLimits).issuerAuth.headers.protected.has(logProofLabel)).toBe(true)
      await verify(world, await presentMdoc(logged, { disclose, ...to }))
      await verify(world, await present(world, logged, 'signature'))
    })

    it('presents what we issued, and verifies it', async () => {
      await verify(world, await present(world, credential, 'signature'))
    })

    if (agrees)
      it('verifies our MAC', async () => {
        const mac = publicPart(reader)
        await verify(world, await presentMdoc(credential, { disclose, ...to, deviceAuth: { mac } }))
      })

    it('refuses ours for another session, another root, or a changed element, so the checks above are checks', async () => {
      const sent = await presentMdoc(credential, { disclose, ...to })
      const other = await makeMdocWorld(alg)
      await expect(verify({ ...world, transcript: await anotherTranscript() }, sent)).rejects.toThrow()
      await expect(verify({ ...world, root: other.root }, sent)).rejects.toThrow()
      const at = Buffer.from(sent).indexOf('Specimen')
      const changed = new Uint8Array(sent)
      changed[at]! ^= 1
      await expect(verify(world, changed)).rejects.toThrow()
    })
  })
})
