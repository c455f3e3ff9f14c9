/** The app developer: keep what is mine, show before sending, send what was shown. */

import type { PreparedSdJwt, Preview, Signer, StatusChecker, Trust } from 'vidimus'
import {
  citizenPassport,
  explain,
  generateSigner,
  prepareSdJwt,
  presentSdJwt,
  previewPresentation,
  russian,
  statusChecker,
  verifyCredential,
} from 'vidimus'
import { cdn, issueTo, trust } from './set-up.js'

export function openWallet({
  signer,
  trust,
  status,
  confirm,
}: {
  signer: Signer // over the phone's secure element
  trust: Trust
  status: StatusChecker
  confirm: (preview: Preview) => Promise<boolean>
}) {
  const kept = new Map<string, PreparedSdJwt>()
  return {
    async keep(credential: string) {
      // nothing is kept that was not verified, or is not mine
      const verdict = await verifyCredential(credential, {
        trust,
        status,
        expectedPassport: citizenPassport,
        expectedHolderKey: signer.publicJwk,
      })
      if (!verdict.ok) throw new Error(explain(verdict, russian))
      kept.set(verdict.passport, prepareSdJwt(credential))
    },
    // the bank asks in wire terms: { claims: [['family_name'], ['given_name'], ['birthdate']], clientId, nonce }
    async answer(request: { claims: string[][]; clientId: string; nonce: string }) {
      const credential = kept.get(citizenPassport.name)
      if (!credential) return
      const preview = previewPresentation(credential, { passport: citizenPassport, disclose: request.claims })
      for (const field of preview.fields) console.log(field.label.ru, field.value, field.always ? '(видно всегда)' : '')
      if (preview.missing.length > 0 || !(await confirm(preview))) return
      return presentSdJwt(preview, { audience: request.clientId, nonce: request.nonce, signer }) // the preview itself is what is sent
    },
  }
}

const signer = await generateSigner('ES256')
const wallet = openWallet({
  signer,
  trust,
  status: statusChecker({ fetch: cdn }),
  confirm: async preview => preview.fields.length > 0,
})
await wallet.keep((await issueTo(signer.publicJwk)).credential)

const request = {
  claims: [['family_name'], ['given_name'], ['birthdate']],
  clientId: 'https://bank.example',
  nonce: 'of-this-request',
}
const presentation = await wallet.answer(request)
if (presentation === undefined) throw new Error('the wallet should have answered')
if ((await wallet.answer({ ...request, claims: [['eye_colour']] })) !== undefined)
  throw new Error('the wallet has no such claim')

const stranger = await generateSigner('ES256')
const kept = await wallet.keep((await issueTo(stranger.publicJwk)).credential).catch((error: Error) => error.message)
if (kept === undefined) throw new Error('the wallet kept what is not its own')
console.log(`not kept: ${kept}`)
