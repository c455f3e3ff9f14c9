import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The same test files on either crypto back end; `*.node.test.ts` are those that need Node itself. */
const project = (name: string, backend: 'node' | 'web', test: object = {}) => ({
  resolve: { alias: { '#crypto': file(`./src/core/crypto/${backend}.ts`) } },
  test: { name, include: ['test/**/*.test.ts'], testTimeout: 20_000, ...test },
})

const chromium = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
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
}

const browserless = ['test/**/*.node.test.ts', 'test/foreign/**', 'test/consumers/**']

export default defineConfig({
  test: {
    projects: [
      project('node', 'node'),
      project('web', 'web', { exclude: browserless }),
      project('chromium', 'web', { exclude: browserless, browser: chromium }),
    ],
  },
})
