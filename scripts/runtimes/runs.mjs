/** One run of the portable suite for each runtime: what it is called, and how it is asked. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from '../chromium.mjs'
import { bundleForBrowsers, bundleForWorkerd, bundleProgram } from './bundles.mjs'
import { openChromium } from './chromium.mjs'
import { firefox, openFirefox } from './firefox.mjs'
import { installRuntimes } from './installed.mjs'
import { openSite } from './site.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * @typedef {object} Run
 * @property {string} name of the runtime
 * @property {'node:crypto' | 'WebCrypto'} platform what signs and hashes
 * @property {string} as how the suite got there
 * @property {() => Promise<Outcome>} ask
 *
 * @typedef {object} Outcome
 * @property {string} version
 * @property {readonly { name: string, failure?: string }[]} results
 * @property {string} [policy] what the policy said, of browsers
 * @property {readonly string[]} [complaints] what is wrong besides
 */

/**
 * Every run, and what takes their files and browsers away. Scratch files go into `folder`.
 * @returns {{ runs: readonly Run[], close: () => Promise<void> }}
 */
export function allRuns(folder) {
  const installed = once(installRuntimes)
  const program = once(() => bundleProgram(made(join(folder, 'program'))))
  const open = []
  const site = once(async () => keep(await openSite(await bundleForBrowsers())))
  const browsers = {
    Chromium: once(async () => keep(await openChromium(found(chromium, 'Chromium', 'CHROMIUM')))),
    'Firefox ESR': once(async () => keep(await openFirefox(found(firefox, 'Firefox', 'FIREFOX')))),
  }
  const keep = opened => {
    open.push(opened)
    return opened
  }

  const onServer = (name, key, words = []) => ({
    name,
    platform: 'node:crypto',
    as: 'the built package, and Vitest',
    ask: async () => askServer((await installed())[key], words, await program(), join(folder, `${key}.json`)),
  })
  const onNode = major => onServer(`Node ${major}`, `node${major}`, { program: ['--throw-deprecation'] })
  const inBrowser = (name, kind) => ({
    name: `${name}, ${kind}`,
    platform: 'WebCrypto',
    as: 'one bundle',
    ask: async () => askBrowser(await browsers[name](), await site(), kind),
  })

  const runs = [
    ...[20, 22, 24, 26].map(onNode),
    onServer('Bun', 'bun', { program: ['--bun'], vitest: ['--bun'] }),
    onServer('Deno', 'deno', { program: ['run', '-A'], vitest: ['run', '-A'] }),
    {
      name: 'workerd',
      platform: 'WebCrypto',
      as: 'one bundle',
      ask: async () => askWorkerd((await installed()).workerd, await bundleForWorkerd(made(join(folder, 'workerd')))),
    },
    inBrowser('Chromium', 'page'),
    inBrowser('Chromium', 'worker'),
    inBrowser('Firefox ESR', 'page'),
    inBrowser('Firefox ESR', 'worker'),
  ]
  return {
    runs,
    close: async () => {
      for (const opened of open.reverse()) await opened.close()
    },
  }
}

/** The built package as a program of its own, and the sources under the test runner. */
async function askServer(executable, { program: flags = [], vitest: words = [] }, program, reportFile) {
  const { results } = lastLine(await run(executable, [...flags, program]))
  const complaints = (await askVitest(executable, words, reportFile)).map(message => `Vitest: ${message}`)
  return { version: await versionOf(executable), results, complaints }
}

/** What Vitest found wrong. */
async function askVitest(executable, words, reportFile) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporting = ['--reporter=json', `--outputFile=${reportFile}`, '--testTimeout=60000']
  const failure = await run(executable, [
    ...words,
    vitest,
    'run',
    '--project',
    'node',
    'test/portable',
    ...reporting,
  ]).then(
    () => undefined,
    error => error.message,
  )
  if (!existsSync(reportFile)) return [failure ?? 'it left no report']
  const { testResults, numPassedTests } = JSON.parse(readFileSync(reportFile, 'utf8'))
  const wrong = testResults
    .flatMap(({ message, assertionResults }) => [
      message,
      ...assertionResults.flatMap(({ failureMessages }) => failureMessages),
    ])
    .filter(message => message)
  if (wrong.length > 0) return wrong
  return failure === undefined && numPassedTests > 0 ? [] : [failure ?? 'it ran no test']
}

async function askWorkerd(executable, config) {
  const { results } = lastLine(await run(executable, ['test', config]))
  return { version: await versionOf(executable), results }
}

/**
 * The suite in a page or a worker, and after it code that violates the policy on purpose. Where that is reported, to the
 * script and to the server, there is nothing more to be heard of the suite.
 */
async function askBrowser(browser, site, kind) {
  const { results, violations, knowsTrustedTypes } = await browser.reportAt(`${site.address}/${kind}/browser`)
  const control = await browser.reportAt(`${site.address}/${kind}/control`)
  const expected = [knowsTrustedTypes ? 'require-trusted-types-for' : 'script-src', 'connect-src']
  const ofControl = ({ 'document-uri': address }) => address.endsWith('/control')
  const unreported = () =>
    expected.filter(directive => !site.reports.some(one => ofControl(one) && one['effective-directive'] === directive))
  await until(() => unreported().length === 0)
  const missing = unreported()
  const unheard = expected.filter(directive => !control.violations.some(violation => violation.startsWith(directive)))
  const complaints = [
    ...violations.map(violation => `violated, as the script heard: ${violation}`),
    ...site
      .takeReports()
      .filter(one => !ofControl(one))
      .map(one => `violated, as the server heard: ${JSON.stringify(one)}`),
    ...unheard.map(directive => `the script did not hear of a violation of ${directive} made on purpose`),
    ...missing.map(directive => `the server did not hear of a violation of ${directive} made on purpose`),
  ]
  const policy = `${complaints.length === 0 ? 'none' : complaints.length}${knowsTrustedTypes ? '' : ' (it knows no Trusted Types)'}`
  return { version: browser.version, results, policy, complaints }
}

/** Waits up to five seconds. */
async function until(holds) {
  for (let tries = 0; tries < 100 && !holds(); tries++) await new Promise(resolve => setTimeout(resolve, 50))
}

const found = (path, name, variable) => {
  if (path === undefined) throw new Error(`no ${name} found; ${variable}=/path/to/it names one`)
  return path
}

const versionOf = async executable => /\d[\d.-]*/.exec(await run(executable, ['--version']))[0]

async function run(executable, words) {
  const options = {
    cwd: root,
    timeout: 180_000,
    maxBuffer: 2 ** 26,
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
  }
  const { stdout } = await promisify(execFile)(executable, words, options)
  return stdout
}

/** The report: other lines are the runtime's own. */
const lastLine = text => JSON.parse(text.trim().split('\n').at(-1))

const made = folder => {
  mkdirSync(folder, { recursive: true })
  return folder
}

function once(make) {
  let value
  return () => (value ??= make())
}
