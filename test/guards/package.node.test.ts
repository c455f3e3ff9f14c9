/** package.json, tsup.config.ts and the version in the sources say the same. */
import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { version } from '../../src/core/version.js'
import { entry } from '../../tsup.config.js'

it('names the version of package.json in evidence', () => {
  expect(version).toBe(manifest.version)
})

it('builds every entry that it exports, and exports every entry that it builds', () => {
  const { './package.json': _, ...exported } = manifest.exports
  const built = Object.keys(entry).map(name => [
    name === 'index' ? '.' : `./${name}`,
    { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  ])
  expect(exported).toEqual(Object.fromEntries(built))
})

it('puts the types of an entry first', () => {
  const { './package.json': _, ...exported } = manifest.exports
  for (const conditions of Object.values(exported)) expect(Object.keys(conditions)).toEqual(['types', 'default'])
})

it('pins what it depends on to the digit', () => {
  const pins = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides }
  expect(Object.entries(pins).filter(([, pin]) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(pin))).toEqual([])
})
