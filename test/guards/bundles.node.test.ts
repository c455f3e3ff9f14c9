/**
 * Entry separation: who verifies an SD-JWT in a page carries no other format and no schema, key or CBOR library, and no
 * entry of the package needs Node. Told from bundles made of src with the web back end.
 */
import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { type Bundle, bundle } from '../../scripts/bundle.mjs'
import budgets from '../../scripts/size-budgets.json' with { type: 'json' }

const isSmall = ({ from }: { readonly from: string }) => from === 'src/browser/index.ts'
const verifying = (name: string) => budgets.filter(row => row.exports[0] === name && !isSmall(row))
const small = budgets.filter(row => isSmall(row) && row.exports[0] !== '*')
const entries = budgets.filter(({ exports }) => exports[0] === '*')

const reached = ({ modules }: Bundle, what: RegExp) => [...modules.keys()].filter(path => what.test(path))

/** Who believes logs reads the proofs that credentials carry, and grows no tree; who names no anchors reads none. */
function expectOfLogs(bundled: Bundle, exports: readonly string[]): void {
  const reading = exports.includes('trustAnchors') ? ['checkpoint', 'hash', 'inclusion', 'logged', 'note'] : []
  expect(reached(bundled, /^src\/formats\/tlog/).sort()).toEqual(reading.map(name => `src/formats/tlog/${name}.ts`))
}

it.each(verifying('verifySdJwtPresentation'))(
  '$name: a bundle with one format and no library',
  async ({ from, exports }) => {
    const bundled = await bundle(from, exports)
    expect(bundled.ofNode).toEqual([])
    expect(reached(bundled, /^node_modules\//)).toEqual([])
    expect(reached(bundled, /^src\/(core\/cbor|formats\/(mdoc|vc-jwt|qr)|passport\/definition)/)).toEqual([])
    expectOfLogs(bundled, exports)
    expect(reached(bundled, /^src\/verification\/sd-jwt\.ts$/)).toHaveLength(1)
  },
)

it.each(verifying('verifyMdocPresentation'))(
  '$name: a bundle with the other format and no library',
  async ({ from, exports }) => {
    const bundled = await bundle(from, exports)
    expect(bundled.ofNode).toEqual([])
    expect(reached(bundled, /^node_modules\//)).toEqual([])
    expect(reached(bundled, /^src\/(formats\/(sd-jwt|vc-jwt|qr)|passport\/definition)/)).toEqual([])
    expectOfLogs(bundled, exports)
  },
)

it.each(verifying('verifyQrPresentation'))(
  '$name: a bundle with QR codes and no library',
  async ({ from, exports }) => {
    const bundled = await bundle(from, exports)
    expect(bundled.ofNode).toEqual([])
    expect(reached(bundled, /^node_modules\//)).toEqual([])
    expect(reached(bundled, /^src\/(formats\/(sd-jwt|vc-jwt|mdoc)|passport\/definition)/)).toEqual([])
    expectOfLogs(bundled, exports)
  },
)

it.each(verifying('verifyPresentation'))('$name: a bundle with no library', async ({ from, exports }) => {
  const bundled = await bundle(from, exports)
  expect(bundled.ofNode).toEqual([])
  expect(reached(bundled, /^node_modules\//)).toEqual([])
})

/** What a page has to ask for before it is carried. */
const handedIn =
  /^src\/(core\/x509\/(crl|name-constraint|profile-rules|rsa)|core\/(agreement|hkdf|keys|cbor\/write)|formats\/(tlog|vc-jwt)|verification\/(device-diagnosis|device-mac|evidence|logged|qr-held|type-metadata))/

it.each(small)('$name: a bundle of what it names', async ({ from, exports }) => {
  const bundled = await bundle(from, exports)
  expect(bundled.ofNode).toEqual([])
  expect(reached(bundled, /^node_modules\//)).toEqual([])
  expect(reached(bundled, handedIn)).toEqual([])
  const names = (...asked: readonly string[]) => exports.some(name => asked.includes(name))
  const mdoc = names('verifyPresentation')
  const status = names('statusChecker')
  expect(reached(bundled, /^src\/formats\/mdoc\//).length > 0).toBe(mdoc)
  expect(reached(bundled, /^src\/formats\/qr\//).length > 0).toBe(names('verifyQrPresentation'))
  expect(reached(bundled, /^src\/(status|verification\/ask-status)/).length > 0).toBe(status)
  const fetching = reached(bundled, /^src\/(core\/(fetch|timeout)|status\/(exchanges|fetched|fetching|response))/)
  expect(fetching.length > 0).toBe(names('statusListFetching'))
})

it('a page that asks for a part carries it', async () => {
  const of = async (...parts: readonly string[]) =>
    reached(await bundle('src/browser/index.ts', ['verifySdJwtPresentation', 'trustAnchors', ...parts]), handedIn)
  expect(await of('rsaSignatures')).toEqual(['src/core/x509/rsa.ts'])
  expect(await of('nameConstraints')).toEqual(['src/core/x509/name-constraint.ts'])
  expect(await of('certificateProfiles')).toEqual(['src/core/x509/profile-rules.ts'])
  expect((await of('revocationLists')).sort()).toEqual(['src/core/x509/crl.ts', 'src/core/x509/rsa.ts'])
  expect(await of('issuanceLogs')).toContain('src/verification/logged.ts')
})

it.each(entries)('$name needs nothing of Node in a page', async ({ from }) => {
  const bundled = await bundle(from, ['*'])
  expect(bundled.ofNode).toEqual([])
  expect(reached(bundled, /^src\/core\/crypto\/node\.ts$/)).toEqual([])
})

it('every entry of the package has its budget', () => {
  const named = Object.keys(manifest.exports)
    .filter(name => name !== './package.json')
    .map(name => name.replace(/^\./, 'vidimus'))
  expect(entries.map(({ name }) => name)).toEqual(named)
})
