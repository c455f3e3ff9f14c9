/** A CommonJS program: `require` of an ES module, every entry of the package. Run, not compiled. */
const entries = Object.keys(require('vidimus/package.json').exports).filter(name => name !== './package.json')
for (const entry of entries) {
  const names = Object.keys(require(entry.replace(/^\./, 'vidimus')))
  if (names.length === 0) throw new Error(`${entry} exports nothing`)
}

const { generateSigner, newNonce, VidimusError } = require('vidimus')
if (VidimusError !== require('vidimus/verification').VidimusError) throw new Error('two copies of one class')

generateSigner('ES256').then(signer => {
  if (signer.publicJwk.crv !== 'P-256' || newNonce().length !== 22) throw new Error('not what was asked for')
  console.log(`CommonJS: ${entries.length} entries`)
})
