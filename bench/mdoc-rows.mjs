/** The mdoc rows: the same passport, issued under a development authority and presented over OpenID4VP. */
import { issueMdocCredential } from 'vidimus/credential'
import { importSigner, openid4vpTranscript, prepareMdoc, presentMdoc } from 'vidimus/presentation'
import { developmentIssuer } from 'vidimus/testing'
import { statusNotChecked, trustAnchors, verifyMdocPresentation } from 'vidimus/verification'
import { animo, auth0, owf } from './mdoc-peers.mjs'
import { disclose, passport, portraitRecord, record, status } from './workload.mjs'

const session = {
  clientId: 'x509_san_dns:bank.example',
  nonce: 'n-0S6_WzA2Mj-n-0S6_WzA2Mj',
  responseUri: 'https://bank.example/response',
}

/** More devices than a verifier remembers, so that each one met in turn is new. */
const strangers = 1200

/** Not every peer takes a clock, so this world lives now. */
export async function mdocRows() {
  const { signer, anchor } = await developmentIssuer()
  const [holder, ...crowd] = await Promise.all(Array.from({ length: 1 + strangers }, newSigner))
  const sessionTranscript = await openid4vpTranscript(session)
  const issue = (of, { publicJwk } = holder) =>
    issueMdocCredential(passport, of, { signer, holderKey: publicJwk, status })
  const present = (credential, shown = disclose, by = holder) =>
    presentMdoc(credential, { passport, disclose: shown, sessionTranscript, signer: by })
  const demands = {
    trust: trustAnchors([anchor]),
    expectedPassport: passport,
    require: ['familyName'],
    expectedSessionTranscript: sessionTranscript,
    status: statusNotChecked('not measured'),
  }
  const check = async presentation => {
    const verdict = await verifyMdocPresentation(presentation, demands)
    if (!verdict.ok) throw new Error(`refused: ${verdict.code}`)
  }

  const credential = await issue(record)
  const prepared = prepareMdoc(credential)
  const presentation = await present(prepared)
  const withPortrait = await present(await issue(portraitRecord), [...disclose, 'portrait'])
  const met = await Promise.all(crowd.map(async one => present(await issue(record, one), disclose, one)))
  const peers = await Promise.all([animo, owf, auth0].map(peer => peer(anchor.certificate, sessionTranscript.bytes)))

  const own = (operation, reference, run) => row(operation, reference, 1, run)
  const verified = (operation, next, others = peers) =>
    row(
      operation,
      'V',
      2,
      () => check(next()),
      others.map(({ name, verify }) => ({ name, run: () => verify(next()) })),
    )
  return [
    own('mdoc: issue', 'S', () => issue(record)),
    own('mdoc: issue, portrait', 'S', () => issue(portraitRecord)),
    own('mdoc: present, prepared', 'S', () => present(prepared)),
    verified('mdoc: verify, known', () => presentation),
    verified('mdoc: verify, portrait', () => withPortrait),
    row('mdoc: verify, new', 'V', 2, inTurn(met, check)),
  ]
}

const row = (operation, reference, count, run, others = []) => ({
  operation,
  reference,
  count,
  candidates: [{ name: 'vidimus', run }, ...others],
})

async function newSigner() {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])
  return importSigner(privateKey)
}

/** Every presentation is met before one is met again. */
function inTurn(presentations, use) {
  let next = 0
  return () => use(presentations[next++ % presentations.length])
}
