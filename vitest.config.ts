import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromium } from './scripts/chromium.mjs'
import { entries } from './scripts/entries.mjs'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The entries of the package that portable tests import, from source. */
const aliases = Object.entries(entries).map(([name, source]) => ({
  find: name === 'index' ? /^vidimus$/ : `vidimus/${name}`,
  replacement: file(`./${source}`),
}))

/** The same test files on either crypto back end; `*.node.test.ts` and the folders below are those that need Node itself, `*.page.test.ts` need a page. */
const project = (name: string, backend: 'node' | 'web', test: object = {}) => ({
  resolve: { alias: [{ find: '#crypto', replacement: file(`./src/core/crypto/${backend}.ts`) }, ...aliases] },
  test: { name, include: ['test/**/*.test.ts'], testTimeout: 20_000, ...test },
})

const needNode = ['test/**/*.node.test.ts', 'test/foreign/**', 'test/guards/**', 'test/consumers/**']

const needPage = ['test/**/*.page.test.ts']

const browser = (executablePath: string) => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  }),
  instances: [{ browser: 'chromium' as const }],
})

/** Prepared before the first test asks: a dependency met on the way reloads the page under the tests that run in it. */
const dependencies = [
  'jose',
  'jose/key/export',
  'jose/key/generate/keypair',
  'jose/key/import',
  '@noble/hashes/sha2.js',
  '@noble/curves/abstract/weierstrass.js',
  '@noble/curves/misc.js',
  'zod',
  'zod/mini',
  'fast-check',
  'qr',
  'qr/decode.js',
]

const inChromium = (executablePath: string) => ({
  ...project('chromium', 'web', { exclude: needNode, browser: browser(executablePath) }),
  optimizeDeps: { include: dependencies },
})

export default defineConfig({
  test: {
    projects: [
      project('node', 'node', { exclude: needPage }),
      project('web', 'web', { exclude: [...needNode, ...needPage] }),
      ...(chromium === undefined ? [] : [inChromium(chromium)]),
    ],
  },
})
