/**
 * Opens examples/counter.ts in Chromium without a network: a service worker caches the page while there is one, then the
 * server is closed and the browser told that it is offline. Only then is the page opened, and shown what visitors have
 * with them. Its policy allows nothing but its own scripts, with Trusted Types.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium as driver } from 'playwright'

const root = fileURLToPath(new URL('..', import.meta.url))
const policy = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types"
const strict = `${policy} 'none'`

/** The address of a worker's script is a sink of Trusted Types. */
const installing = `${policy} install`
const installPage = `
const rules = { createScriptURL: url => url }
const types = globalThis.trustedTypes?.createPolicy('install', rules) ?? rules
navigator.serviceWorker.register(types.createScriptURL('/offline.js'))`

/** It fetches what it keeps, and answers from that alone. */
const caching = `${strict}; connect-src 'self'`
const offline = paths => `
addEventListener('install', event =>
  event.waitUntil(caches.open('counter').then(cache => cache.addAll(${JSON.stringify(paths)}))))
addEventListener('fetch', event =>
  event.respondWith(caches.match(event.request).then(kept => kept ?? Response.error())))`

/** Stands for the camera: `show` is called by whoever drives the page. */
const scanner = `globalThis.scanner = { onText(use) { this.show = use } }`

const counterPage = `<!doctype html><meta charset="utf-8"><title>counter</title><p id="verdict"></p>
<script src="/scanner.js"></script><script type="module" src="/counter.js"></script>`

/**
 * What the page said of each visitor, by who it was: `[state, text]`, and what it complained of.
 * @returns {Promise<{ shown: Record<string, [string, string]>, complaints: string[] }>}
 */
export async function runCounter(executablePath) {
  const { kept, visitors } = await morning()
  const files = {
    '/': ['text/html', counterPage, strict],
    '/scanner.js': ['text/javascript', scanner, strict],
    '/counter.js': ['text/javascript', await bundleCounter(), strict],
    ...Object.fromEntries(Object.entries(kept).map(([path, body]) => [path, ['application/json', body, strict]])),
  }
  const server = await serve({
    ...files,
    '/install': ['text/html', '<!doctype html><title>install</title><script src="/install.js"></script>', installing],
    '/install.js': ['text/javascript', installPage, installing],
    '/offline.js': ['text/javascript', offline(Object.keys(files)), caching],
  })
  const address = `http://localhost:${server.address().port}`
  const browser = await driver.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const context = await browser.newContext()
    const page = await context.newPage()
    const complaints = []
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    await page.goto(`${address}/install`)
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))

    server.close()
    server.closeAllConnections()
    await context.setOffline(true)

    const opened = await page.goto(address)
    if (!opened.fromServiceWorker()) complaints.push('the page came from a network')
    await page.waitForFunction(() => globalThis.scanner?.show !== undefined, undefined, { timeout: 10_000 })
    const shown = {}
    for (const [who, text] of Object.entries(visitors)) shown[who] = await page.evaluate(showTo, text)
    return { shown, complaints }
  } finally {
    await browser.close()
    server.close()
  }
}

/** In the page: shows a text to the scanner and waits for the verdict. */
async function showTo(text) {
  const badge = document.querySelector('#verdict')
  delete badge.dataset.state
  await globalThis.scanner.show(text)
  return [badge.dataset.state, badge.textContent]
}

/** What the counter keeps since three hours ago, and what visitors show it now. */
async function morning() {
  const vidimus = await import('vidimus')
  const { developmentIssuer } = await import('vidimus/testing')
  const { citizenPassport, generateSigner, issueSdJwtCredential, memoryStore, newNonce } = vidimus
  const { openStatusRegistry, presentSdJwt, statusChecker } = vidimus
  const then = () => new Date(Date.now() - 3 * 3600 * 1000)
  const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://passport.example', country: 'RU' })
  const registry = await openStatusRegistry({
    store: memoryStore(),
    signer,
    baseUri: 'https://status.example',
    now: then,
  })
  const record = JSON.parse(readFileSync(`${root}examples/data/citizen-passport.json`, 'utf8'))
  const request = { audience: 'https://counter.example', nonce: newNonce() }

  const visit = async id => {
    const holder = await generateSigner('ES256')
    const status = await registry.allocate({ id })
    const to = { issuer, signer, holderKey: holder.publicJwk, status, now: then }
    const credential = await issueSdJwtCredential(citizenPassport, citizenPassport.parse(record), to)
    const disclose = ['familyName', 'givenName', 'ageOver18']
    return presentSdJwt(credential, { passport: citizenPassport, disclose, ...request, signer: holder })
  }
  const [honest, suspended] = [await visit('honest'), await visit('suspended')]
  await registry.set('suspended', 'suspended')
  const lists = await registry.publish()
  const fetch = async uri => {
    const { body, mediaType } = lists.find(list => list.uri === uri)
    return new Response(body, { headers: { 'content-type': mediaType } })
  }
  const snapshot = await statusChecker({ fetch, now: then }).exportSnapshot(lists.map(({ uri }) => uri))
  return {
    kept: {
      '/trust.json': JSON.stringify([anchor]),
      '/status.snapshot': snapshot,
      '/request.json': JSON.stringify(request),
    },
    visitors: {
      honest,
      suspended,
      forger: honest.replace(/.(?=~[^~]*$)/, letter => (letter === 'A' ? 'B' : 'A')),
      stranger: 'https://example.org/no-passport',
    },
  }
}

async function bundleCounter() {
  const { outputFiles } = await build({
    entryPoints: [`${root}examples/counter.ts`],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0].text
}

function serve(files) {
  const server = createServer(({ url }, response) => {
    const [type, body, csp] = files[url] ?? ['text/plain', undefined, strict]
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': csp,
    })
    response.end(body)
  })
  return new Promise(resolve => server.listen(0, 'localhost', () => resolve(server)))
}
