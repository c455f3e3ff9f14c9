/** `vidimus/testing`: what development and tests need, and production never does. */
export { type DevelopmentIssuer, type DevelopmentIssuerOptions, developmentIssuer } from './development-issuer.js'
export type { StoreUnderTest, WholeStore } from './store/case.js'
export { type StoreCase, type TestStoreOptions, testStore } from './store/suite.js'
