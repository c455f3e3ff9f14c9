import { defineConfig } from 'tsup'

/** One entry per stage of a passport's life, and the front door. */
export const entry = {
  index: 'src/index.ts',
  passport: 'src/passport/index.ts',
  credential: 'src/credential/index.ts',
  presentation: 'src/presentation/index.ts',
  verification: 'src/verification/index.ts',
  status: 'src/status/index.ts',
  audit: 'src/audit/index.ts',
  office: 'src/office/index.ts',
  'store/sqlite': 'src/store/sqlite.ts',
  'store/postgres': 'src/store/postgres.ts',
  http: 'src/http/index.ts',
  testing: 'src/testing/index.ts',
  brainpool: 'src/brainpool/index.ts',
  qr: 'src/qr/index.ts',
  browser: 'src/browser/index.ts',
}

/** The two back ends behind `#crypto`: package.json picks one by condition, so neither may be bundled into an entry. */
const backends = { 'core/crypto/node': 'src/core/crypto/node.ts', 'core/crypto/web': 'src/core/crypto/web.ts' }

export default defineConfig({
  entry: { ...entry, ...backends },
  external: ['#crypto'],
  removeNodeProtocol: false,
  format: ['esm'],
  target: 'es2022',
  // Russian as it is written, not six characters for each letter.
  esbuildOptions: options => void (options.charset = 'utf8'),
  splitting: true,
  sourcemap: true,
  clean: true,
  onSuccess: 'node scripts/merge-chunks.mjs',
  dts: { entry, compilerOptions: { paths: { '#crypto': ['./src/core/crypto/node.ts'] } } },
})
