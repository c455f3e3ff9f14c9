/** The network, both ways: a fetch for addresses that others chose, and handlers that answer requests without a framework. */
export { type GuardedFetch, type GuardedFetchOptions, guardedFetch } from './guarded-fetch.js'
