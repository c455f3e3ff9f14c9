/** `vidimus/brainpool`: the brainpool curves for platforms that lack them. */
export type { CurveSupport } from '../core/crypto/backend.js'
export { brainpool } from './curves.js'
