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

/** Stands for the camera: `show` is called by whoever drives the page, with a code as it is on a screen. */
const scanner = `
import { scanQr } from 'vidimus/qr'
let found
async function show({ modules, path }) {
  const canvas = new OffscreenCanvas(modules * 4, modules * 4)
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(4, 4)
  context.fillStyle = '#000'
  context.fill(new Path2D(path))
  await found(await scanQr(canvas))
}
globalThis.scanner = { onText(use) { [found, this.show] = [use, show] } }`

const counterPage = `<!doctype html><meta charset="utf-8"><title>counter</title><p id="verdict"></p>
<script type="module" src="/scanner.js"></script><script type="module" src="/counter.js"></script>`

/**
 * What the page said of each visitor, by who it was: `[state, text]`, and what it complained of.
 * @returns {Promise<{ shown: Record<string, [string, string]>, complaints: string[] }>}
 */
export async function runCounter(executablePath) {
  const { qrPath } = await import('vidimus/qr')
  const { kept, visitors } = await morning()
  const files = {
    '/': ['text/html', counterPage, strict],
    '/scanner.js': ['text/javascript', await bundle({ stdin: { contents: scanner, resolveDir: root } }), strict],
    '/counter.js': ['text/javascript', await bundle({ entryPoints: [`${root}examples/counter.ts`] }), strict],
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
    for (const [who, text] of Object.entries(visitors)) shown[who] = await page.evaluate(showTo, qrPath(text))
    return { shown, complaints }
  } finally {
    await browser.close()
    server.close()
  }
}

/** In the page: shows a code to the scanner and waits for the verdict. */
async function showTo(code) {
  const badge = document.querySelector('#verdict')
  delete badge.dataset.state
  await globalThis.scanner.show(code)
  return [badge.dataset.state, badge.textContent]
}

/**
 * What the counter keeps since three hours ago, and what visitors show it now. The list of one of them was seven hours old
 * already when it was fetched.
 */
async function morning() {
  const { citizenPassport, generateSigner, issueQrCredential, presentQr, statusChecker } = await import('vidimus')
  const issuer = 'https://passport.example'
  const signer = await generateSigner('ES256')
  const record = citizenPassport.parse(JSON.parse(readFileSync(`${root}examples/data/citizen-passport.json`, 'utf8')))
  const lists = await openLists(signer, 'status', hours(3))
  const oldLists = await openLists(signer, 'old-status', hours(7))

  const issue = async (holder, { by = signer, from = lists, id } = {}) =>
    issueQrCredential(citizenPassport, record, {
      issuer,
      signer: by,
      holderKey: holder.publicJwk,
      status: await from.allocate({ format: 'qr', id }),
      fields: ['familyName', 'givenName', 'patronymic', 'birthDate', 'sex', 'ageOver18'],
      now: hours(8),
    })
  const show = (credential, holder, now) => {
    const disclose = ['familyName', 'givenName', 'ageOver18']
    return presentQr(credential, { passport: citizenPassport, disclose, signer: holder, now })
  }

  const holder = await generateSigner('ES256')
  const credential = await issue(holder)
  const visitors = {
    honest: await show(credential, holder),
    'a photograph of it': await show(credential, holder, hours(0.1)),
    'a thief of it': await show(credential, { ...(await generateSigner('ES256')), publicJwk: holder.publicJwk }),
    forged: await show(await issue(holder, { by: await generateSigner('ES256') }), holder),
    suspended: await show(await issue(holder, { id: 'suspended' }), holder),
    'without a fresh list': await show(await issue(holder, { from: oldLists }), holder),
    'no passport': 'https://example.org/no-passport',
  }
  await lists.set('suspended', 'suspended')
  const files = [...(await lists.publish()), ...(await oldLists.publish())]
  const fetch = async uri => {
    const { body, mediaType } = files.find(file => file.uri === uri)
    return new Response(body, { headers: { 'content-type': mediaType } })
  }
  const status = statusChecker({ fetch, maxStaleness: 24 * 3600, now: hours(3) })
  const anchor = { issuer, jwk: signer.publicJwk, purposes: ['credential', 'status'] }
  return {
    kept: {
      '/trust.json': JSON.stringify([anchor]),
      '/status.snapshot': await status.exportSnapshot(files.map(({ uri }) => uri)),
    },
    visitors,
  }
}

/** A clock that is behind. */
const hours = ago => () => new Date(Date.now() - ago * 3600 * 1000)

async function openLists(signer, name, now) {
  const { memoryStore, openStatusRegistry } = await import('vidimus')
  const baseUri = `https://${name}.example`
  return openStatusRegistry({ store: memoryStore(), signer, baseUri, now })
}

async function bundle(source) {
  const { outputFiles } = await build({
    ...source,
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
