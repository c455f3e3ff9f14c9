/**
 * Opens examples/browser.ts in Chromium, offline and under a strict Content Security Policy, on a presentation made here with
 * the built package. Fails unless the page says `valid` and the policy was never violated.
 */
import { createServer } from 'node:http'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import {
  citizenPassport,
  generateSigner,
  issueSdJwtCredential,
  memoryStore,
  newNonce,
  openStatusRegistry,
  presentSdJwt,
  statusChecker,
} from 'vidimus'
import record from '../examples/data/citizen-passport.json' with { type: 'json' }
import { findChromium } from './chromium.mjs'

const executablePath = findChromium()
if (executablePath === undefined) {
  console.log('left out: examples/browser.ts (no Chromium found)')
  process.exit(process.env.VIDIMUS_LEAVE_NOTHING_OUT ? 1 : 0)
}

const files = new Map([
  [
    '/',
    {
      type: 'text/html',
      body: '<!doctype html><title>…</title><body></body><script type="module" src="/page.js"></script>',
    },
  ],
  ['/page.js', { type: 'text/javascript', body: await bundle('examples/browser.ts') }],
  ['/today.json', { type: 'application/json', body: JSON.stringify(await today()) }],
])
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
const server = createServer(({ url }, response) => {
  const file = files.get(url)
  response.writeHead(file ? 200 : 404, {
    'content-type': file?.type ?? 'text/plain',
    'content-security-policy': policy,
  })
  response.end(file?.body)
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] })
const page = await browser.newPage()
const complaints = []
page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
page.on('pageerror', error => complaints.push(error.message))
try {
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  await page.waitForFunction(() => document.title !== '…', undefined, { timeout: 10_000 }).catch(() => undefined)
  const told = `${await page.title()}: ${await page.textContent('body')}`
  console.log(`${told} (${Math.round(files.get('/page.js').body.length / 1000)} kB of script)`)
  complaints.splice(0, complaints.length, ...complaints.filter(complaint => !complaint.includes('favicon')))
  if (!told.startsWith('valid') || complaints.length > 0) throw new Error(complaints.join('\n') || 'the page refused')
} finally {
  await browser.close()
  server.close()
}

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0].text
}

/** What the page has cached this morning: anchors, status lists, and what is now shown to it. */
async function today() {
  const [issuer, audience, nonce] = ['https://passport.example', 'https://counter.example', newNonce()]
  const signer = await generateSigner('ES256')
  const holder = await generateSigner('ES256')
  const registry = await openStatusRegistry({ store: memoryStore(), signer, baseUri: 'https://status.example' })
  const status = await registry.allocate()
  const passport = citizenPassport.parse(record)
  const credential = await issueSdJwtCredential(citizenPassport, passport, {
    issuer,
    signer,
    holderKey: holder.publicJwk,
    status,
  })
  const ask = { passport: citizenPassport, disclose: ['familyName', 'ageOver18'] }
  const presentation = await presentSdJwt(credential, { ...ask, audience, nonce, signer: holder })
  const [list] = await registry.publish()
  const fetch = async () => new Response(list.body, { headers: { 'content-type': list.mediaType } })
  const snapshot = new TextDecoder().decode(await statusChecker({ fetch }).exportSnapshot([list.uri]))
  const anchors = [{ issuer, jwk: signer.publicJwk, purposes: ['credential', 'status'] }]
  return { anchors, snapshot, presentation, audience, nonce }
}
