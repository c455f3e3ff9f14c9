/**
 * The browser developer: a page that verifies what was presented to it, offline, under a strict Content Security Policy.
 *
 * This runs in a page (`npm run examples` opens it in Chromium); `today.json` stands for what the page has cached.
 */
import { citizenProfile, statusChecker, trustAnchors, verifySdJwtPresentation } from 'vidimus/browser'

const { anchors, snapshot, presentation, audience, nonce } = await (await fetch('/today.json')).json()

const trust = trustAnchors(anchors)
const status = statusChecker({ maxStaleness: 6 * 3600 }) // offline, for nothing fetches. Lists older than 6 h are refused
await status.importSnapshot(new TextEncoder().encode(snapshot))

const verdict = await verifySdJwtPresentation(presentation, {
  trust,
  status,
  expectedPassport: citizenProfile, // the profile alone: no schema library in the page
  require: ['familyName', 'ageOver18'],
  expectedAudience: audience,
  expectedNonce: nonce,
})

document.title = verdict.ok ? 'valid' : verdict.code
document.body.textContent = verdict.ok
  ? `${verdict.claims.familyName}, ${verdict.claims.ageOver18 ? '18+' : 'under 18'}; status ${verdict.status.checked ? verdict.status.source : 'unknown'}`
  : 'refused'
