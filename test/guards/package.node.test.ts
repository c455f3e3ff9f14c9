/** package.json, what is built and the version in the sources say the same. */
import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { entries } from '../../scripts/entries.mjs'
import { version } from '../../src/core/version.js'

it('names the version of package.json in evidence', () => {
  expect(version).toBe(manifest.version)
})

it('builds every entry that it exports, and exports every entry that it builds', () => {
  const { './package.json': _, ...exported } = manifest.exports
  const built = Object.keys(entries).map(name => {
    const [types, node, web] = [`./dist/${name}.d.ts`, `./dist/${name}.js`, `./dist/web/${name}.js`]
    return [name === 'index' ? '.' : `./${name}`, { types, workerd: web, browser: web, node, default: web }]
  })
  expect(exported).toEqual(Object.fromEntries(built))
})

it('puts the types of an entry first, and takes for Node only what says so', () => {
  const { './package.json': _, ...exported } = manifest.exports
  for (const conditions of Object.values(exported))
    expect(Object.keys(conditions)).toEqual(['types', 'workerd', 'browser', 'node', 'default'])
})

it('pins what it depends on to the digit', () => {
  const pins = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides }
  expect(Object.entries(pins).filter(([, pin]) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(pin))).toEqual([])
})
