/** Work that one back end does at once and another later. */
import type { Awaitable } from './crypto/backend.js'

/** The results of all, at once where none has to be waited for. */
export function all<T>(results: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return results.some(result => result instanceof Promise) ? Promise.all(results) : (results as readonly T[])
}
