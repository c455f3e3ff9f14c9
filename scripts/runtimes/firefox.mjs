/** Firefox, driven over WebDriver BiDi: its own remote agent speaks it on a WebSocket, so that no driver stands between. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'

const usualPlaces = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox']

/** The path in `FIREFOX` when it is set, else the first of the usual places that exists. Nothing is ever downloaded. */
export const firefox = process.env['FIREFOX'] ?? usualPlaces.find(path => existsSync(path))

/** Milliseconds. */
const patience = 60_000

/** Keeps the browser from looking for anything by itself. */
const preferences = {
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.chrome.site_icons': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
}

/** Opens a browser that has a `version` and reads, with `reportAt(url)`, the report that a page there gives. */
export async function openFirefox(executablePath) {
  const profile = mkdtempSync(join(tmpdir(), 'vidimus-firefox-'))
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`)
  writeFileSync(join(profile, 'user.js'), lines.join(''))
  const words = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile, 'about:blank']
  const browser = spawn(executablePath, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile },
  })
  const gone = new Promise(resolve => browser.once('exit', resolve).once('error', resolve))
  const close = async () => {
    browser.kill()
    await gone
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const session = await openSession(await within(patience, addressOf(browser), 'Firefox does not start'))
    return { version: session.version, reportAt: url => session.reportAt(url), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Said on stderr once the remote agent listens. */
function addressOf(browser) {
  return new Promise((resolve, reject) => {
    browser.once('error', reject)
    browser.once('exit', code => reject(new Error(`Firefox ended with ${code}`)))
    createInterface({ input: browser.stderr }).on('line', line => {
      const [, address] = /^WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? []
      if (address !== undefined) resolve(address)
    })
  })
}

/** https://www.w3.org/TR/webdriver-bidi: commands are numbered, and so are their answers. */
async function openSession(address) {
  const socket = new WebSocket(`${address}/session`)
  const waiting = new Map()
  socket.on('message', data => {
    const { id, type, result, error, message } = JSON.parse(data)
    const { resolve, reject } = waiting.get(id) ?? {}
    waiting.delete(id)
    if (type === 'success') resolve?.(result)
    if (type === 'error') reject?.(new Error(`${error}: ${message}`))
  })
  await within(patience, new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)), address)

  let last = 0
  const send = (method, params) => {
    const id = ++last
    const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    socket.send(JSON.stringify({ id, method, params }))
    return within(patience, answered, method)
  }

  const { capabilities } = await send('session.new', { capabilities: {} })
  return {
    version: capabilities.browserVersion,
    async reportAt(url) {
      const { context } = await send('browsingContext.create', { type: 'tab' })
      await send('browsingContext.navigate', { context, url, wait: 'complete' })
      const { type, result, exceptionDetails } = await send('script.evaluate', {
        expression: 'globalThis.portableReport',
        target: { context },
        awaitPromise: true,
      })
      await send('browsingContext.close', { context })
      if (type === 'exception') throw new Error(exceptionDetails.text)
      return JSON.parse(result.value)
    },
  }
}

function within(milliseconds, promise, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer in ${milliseconds / 1000} s`)), milliseconds)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
