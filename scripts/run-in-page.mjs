/**
 * Opens examples/browser.ts in Chromium, bundled as a page's own bundler would, behind a Content Security Policy that
 * allows nothing but the page's own scripts and data. `today.json` is made with the issuer of examples/set-up.ts.
 */
import { createServer } from 'node:http'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { chromium as driver } from 'playwright'
import { compileExample } from './run-example.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"

/** The title that examples/browser.ts gives its page, and what the page complained of. */
export async function runInPage(executablePath) {
  const server = await serve({
    '/': [
      'text/html',
      '<!doctype html><meta charset="utf-8"><title>…</title><script type="module" src="/page.js"></script>',
    ],
    '/page.js': ['text/javascript', await bundlePage()],
    '/today.json': ['application/json', JSON.stringify(await today())],
  })
  const browser = await driver.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    const complaints = []
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    await page.goto(`http://localhost:${server.address().port}/`)
    await page.waitForFunction("document.title !== '…'", undefined, { timeout: 10_000 }).catch(() => {})
    return { title: await page.title(), text: await page.textContent('body'), complaints }
  } finally {
    await browser.close()
    server.close()
  }
}

async function bundlePage() {
  const { outputFiles } = await build({
    entryPoints: [`${root}examples/browser.ts`],
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

/** What a page at a counter has at hand in the morning, and what one visitor shows it. */
async function today() {
  const { generateSigner, newNonce, presentSdJwt, statusChecker, citizenPassport } = await import('vidimus')
  const setUp = await import(pathToFileURL(await compileExample('set-up')).href)
  const { issuer, signer, issueTo, cdn, registry } = setUp
  const holder = await generateSigner('ES256')
  const { credential } = await issueTo(holder.publicJwk)
  const lists = (await registry.publish()).map(({ uri }) => uri)
  const audience = 'https://counter.example'
  const nonce = newNonce()
  return {
    anchors: [{ issuer, jwk: signer.publicJwk, purposes: ['credential', 'status'] }],
    snapshot: new TextDecoder().decode(await statusChecker({ fetch: cdn }).exportSnapshot(lists)),
    presentation: await presentSdJwt(credential, {
      passport: citizenPassport,
      disclose: ['familyName', 'ageOver18'],
      audience,
      nonce,
      signer: holder,
    }),
    audience,
    nonce,
  }
}

function serve(files) {
  const server = createServer(({ url }, response) => {
    const [type, body] = files[url] ?? []
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': `${type ?? 'text/plain'}; charset=utf-8`,
      'content-security-policy': policy,
    })
    response.end(body)
  })
  return new Promise(resolve => server.listen(0, 'localhost', () => resolve(server)))
}
