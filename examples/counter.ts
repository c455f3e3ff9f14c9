/**
 * The counter: whoever comes shows a passport, and the page says whether it holds. Without a network: trust and statuses were
 * cached this morning, and so was the page itself.
 *
 * This runs in a page (`npm run examples` opens it in Chromium, takes the network away and shows it passports).
 */
import { citizenPassport, explain, russian, statusChecker, trustAnchors, verifyPresentation } from 'vidimus'

declare const scanner: { onText(use: (text: string) => void): void } // camera and decoder are the page's own

const anchors = await (await caches.match('/trust.json'))!.json()
const trust = trustAnchors(anchors)
const status = statusChecker({ maxStaleness: 6 * 3600 }) // no fetch: offline. Lists older than 6 h are refused
await status.importSnapshot(new Uint8Array(await (await caches.match('/status.snapshot'))!.arrayBuffer()))
const badge = document.querySelector<HTMLElement>('#verdict')!

scanner.onText(async text => {
  const verdict = await verifyPresentation(text, {
    trust,
    status,
    expectedPassport: citizenPassport,
    expectedQr: { maxAge: 60 }, // shown without a request from us: freshness by time alone, and said so
    require: ['familyName', 'givenName', 'ageOver18'],
    clockTolerance: 120,
  })
  badge.dataset['state'] = verdict.ok ? 'valid' : verdict.code
  if (!verdict.ok) badge.textContent = explain(verdict, russian)
  else if (verdict.status.checked) {
    const hours = Math.round(verdict.status.age / 3600) // 3
    badge.textContent = `${verdict.claims.familyName}, ${verdict.claims.ageOver18 ? '18+' : 'до 18'}: подтверждено, статус ${hours} ч назад`
  }
})
