/** The rows of the bench: each operation as we do it, as the peers do it, and the raw operations that bound both. */
import { KeyObject, sign, verify } from 'node:crypto'
import { issueSdJwtCredential } from 'vidimus/credential'
import { importSigner, prepareSdJwt, presentSdJwt } from 'vidimus/presentation'
import { statusNotChecked, trustAnchors, verifySdJwtPresentation } from 'vidimus/verification'
import { mdocRows } from './mdoc-rows.mjs'
import { asyncPeer, claimsForPeer, issueWithPeer, presentWithPeer, syncPeer, verifyWithPeer } from './peer.mjs'
import { audience, disclose, issuer, nonce, now, passport, portraitRecord, record, status } from './workload.mjs'

/** More holders than a verifier remembers, so that each one met in turn is new. */
const strangers = 1200

/**
 * `V` and `S` are the raw P-256 operations. A row names what it is measured against: `count` times `reference`.
 * Every candidate has done its work once, and the outcome was looked at, before anything is timed.
 */
export async function makeRows() {
  const issuerKeys = await newKeys()
  const holderKeys = await newKeys()
  const signer = await importSigner(issuerKeys.privateKey)
  const holder = await importSigner(holderKeys.privateKey)
  const peers = {
    'sd-jwt-vc sync': syncPeer(issuerKeys, holderKeys),
    'sd-jwt-vc async': asyncPeer(issuerKeys, holderKeys),
  }
  const peersThatKnowTheHolder = {
    ...peers,
    'sd-jwt-vc sync': syncPeer(issuerKeys, holderKeys, { holderKey: KeyObject.from(holderKeys.publicKey) }),
  }

  const issue = (of, holderKey = holder.publicJwk) =>
    issueSdJwtCredential(passport, of, { issuer, signer, holderKey, status, now })
  const present = (credential, by = holder, shown = disclose) =>
    presentSdJwt(credential, { passport, disclose: shown, audience, nonce, signer: by, now })
  const trust = trustAnchors([{ issuer, jwk: signer.publicJwk, purposes: ['credential'] }])
  const check = async presentation => {
    const verdict = await verifySdJwtPresentation(presentation, {
      trust,
      expectedPassport: passport,
      require: ['familyName'],
      expectedAudience: audience,
      expectedNonce: nonce,
      status: statusNotChecked('not measured'),
      now,
    })
    if (!verdict.ok) throw new Error(`refused: ${verdict.code}`)
    return verdict
  }

  const credential = await issue(record)
  const prepared = prepareSdJwt(credential)
  const presentation = await present(prepared)
  const withPortrait = await present(await issue(portraitRecord), holder, [...disclose, 'portrait'])
  const crowd = await presentationsOfStrangers(issue, present)
  const peerQueues = new Map(Object.values(peers).map(peer => [peer, inTurn(crowd)]))
  const ownQueue = inTurn(crowd)
  expectShape(credential, presentation)

  const plain = claimsForPeer(record)
  const illustrated = claimsForPeer(portraitRecord)
  const row = (operation, reference, count, ours, theirs, among = peers) => ({
    operation,
    reference,
    count,
    candidates: [
      { name: 'vidimus', run: ours },
      ...Object.entries(among).map(([name, peer]) => ({ name, run: () => theirs(peer) })),
    ],
  })

  return {
    references: rawOperations(issuerKeys),
    rows: [
      ...(await mdocRows()),
      row(
        'issue',
        'S',
        1,
        () => issue(record),
        peer => issueWithPeer(peer, plain, holder.publicJwk),
      ),
      row(
        'issue, portrait',
        'S',
        1,
        () => issue(portraitRecord),
        peer => issueWithPeer(peer, illustrated, holder.publicJwk),
      ),
      row(
        'present, prepared',
        'S',
        1,
        () => present(prepared),
        peer => presentWithPeer(peer, credential),
      ),
      row(
        'present, cold',
        'S',
        1,
        () => present(credential),
        peer => presentWithPeer(peer, credential),
      ),
      row(
        'verify, known holder',
        'V',
        2,
        () => check(presentation),
        peer => verifyWithPeer(peer, presentation),
        peersThatKnowTheHolder,
      ),
      row(
        'verify, new holder',
        'V',
        2,
        () => check(ownQueue()),
        peer => verifyWithPeer(peer, peerQueues.get(peer)()),
      ),
      row(
        'verify, portrait',
        'V',
        2,
        () => check(withPortrait),
        peer => verifyWithPeer(peer, withPortrait),
        peersThatKnowTheHolder,
      ),
    ],
  }
}

const newKeys = () => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])

/** One synchronous call with a cached key object and a signature in the fixed-length form: the least there is. */
function rawOperations(keys) {
  const data = new Uint8Array(32)
  const privateKey = { key: KeyObject.from(keys.privateKey), dsaEncoding: 'ieee-p1363' }
  const publicKey = { key: KeyObject.from(keys.publicKey), dsaEncoding: 'ieee-p1363' }
  const signature = sign('sha256', data, privateKey)
  return [
    { name: 'V', operation: 'raw P-256 verify', run: () => verify('sha256', data, publicKey, signature) },
    { name: 'S', operation: 'raw P-256 sign', run: () => sign('sha256', data, privateKey) },
  ]
}

async function presentationsOfStrangers(issue, present) {
  const presentations = []
  for (let index = 0; index < strangers; index++) {
    const { privateKey } = await newKeys()
    const stranger = await importSigner(privateKey)
    presentations.push(await present(await issue(record, stranger.publicJwk), stranger))
  }
  return presentations
}

/** Every candidate meets all of them before it meets one again. */
function inTurn(presentations) {
  let next = 0
  return () => presentations[next++ % presentations.length]
}

/** A workload that has drifted from its description would compare with nothing. */
function expectShape(credential, presentation) {
  const disclosures = text => text.split('~').length - 2
  if (disclosures(credential) !== 21 || disclosures(presentation) !== 5)
    throw new Error(
      `the workload has ${disclosures(credential)} disclosures, ${disclosures(presentation)} of them shown`,
    )
}
