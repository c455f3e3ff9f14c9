/** The entries of the package, by the names under which it exports them: one per stage of a passport's life, and the front door. */
export const entries = {
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
