/** Who keeps credentials of one format carries nothing of the other; only a preview of either needs both. */
import { expect, it } from 'vitest'
import { bundle } from '../../scripts/bundle.mjs'

const entry = 'src/presentation/index.ts'
const reached = async (exports: readonly string[], what: RegExp) =>
  [...(await bundle(entry, [...exports])).modules.keys()].filter(path => what.test(path))

it('a wallet of SD-JWTs has no CBOR, no mdoc and no X.509', async () => {
  const sdJwt = ['prepareSdJwt', 'previewSdJwt', 'presentSdJwt']
  expect(await reached(sdJwt, /^src\/(core\/(cbor|cose|x509)|formats\/mdoc)\/|\/mdoc\.ts$/)).toEqual([])
})

it('a wallet of mdocs has no SD-JWT but the form of its paths, no X.509 and no library', async () => {
  const mdoc = ['prepareMdoc', 'previewMdoc', 'presentMdoc']
  expect(await reached(mdoc, /^node_modules\/|^src\/core\/x509\/|\/sd-jwt(\/|\.ts$)/)).toEqual([
    'src/formats/sd-jwt/path.ts',
  ])
})

it('a wallet of QR credentials has no SD-JWT but the form of its paths, no mdoc, no X.509 and no library', async () => {
  const qr = ['prepareQr', 'previewQr', 'presentQr']
  expect(await reached(qr, /^node_modules\/|^src\/formats\/mdoc\/|\/(sd-jwt|mdoc)(\/|\.ts$)/)).toEqual([
    'src/formats/sd-jwt/path.ts',
  ])
})
