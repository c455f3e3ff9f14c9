/** Whatever happens, no answer is older than one already given, and none comes from a list that has run out. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { generateSigner } from '../../src/core/keys.js'
import { VidimusError } from '../../src/errors.js'
import { statusChecker } from '../../src/status/checker.js'
import type { StatusCache } from '../../src/status/fetched.js'
import type { KeptToken } from '../../src/status/kept-list.js'
import { craftToken, keyOf, lstOf, seconds, uri } from '../formats/status-list/craft.js'
import { asking, later, listResponse, makeHost } from './host.js'

/** What can happen between two questions. Instants are seconds after the instant of these tests. */
const events = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask'), after: fc.integer({ min: 0, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set clock'), to: fc.integer({ min: 0, max: 3000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('publish'),
      number: fc.nat(9),
      answer: fc.constantFrom('list', 'list', 'list', 'nothing', 'late'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ask elsewhere') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('export') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('import'),
      number: fc.nat(9),
      fetchedAt: fc.integer({ min: 0, max: 3000 }),
    }),
  },
)

const policies = fc.record({
  maxStaleness: fc.constantFrom(undefined, 0, 200, 900, 100_000),
  online: fc.boolean(),
  hasCache: fc.boolean(),
})

it('no answer is older than one already given by the same checker, or later out of its cache, nor past its exp', async () => {
  const signer = await generateSigner('ES256')
  const key = await keyOf(signer)
  // Lists in pairs of one second, which differ in content; every third of them never says when it ends.
  const lists = await Promise.all(
    Array.from({ length: 10 }, async (_, number) => {
      const issued = Math.floor(number / 2) * 500
      const expires = number % 3 === 0 ? undefined : issued + 700
      const claims = {
        iat: seconds + issued,
        exp: expires === undefined ? undefined : seconds + expires,
        ttl: number % 4 === 0 ? undefined : 150,
      }
      const token = await craftToken(signer, claims, {}, { lst: await lstOf(Uint8Array.of(number, 0)) })
      return { token, issued, expires }
    }),
  )
  let answers = 0
  let stale = 0

  await fc.assert(
    fc.asyncProperty(policies, fc.array(events, { minLength: 10, maxLength: 40 }), async (policy, story) => {
      let clock = 600
      let newest = Number.NEGATIVE_INFINITY
      let written = newest
      let kept: KeptToken | undefined
      let exported: Uint8Array | undefined
      const cache: StatusCache = {
        get: address => (address === uri ? kept : undefined),
        set: token => {
          if (token.uri === uri) kept = token
        },
      }
      const host = makeHost(lists[0]!.token)
      const elsewhere = 'https://status.example/elsewhere'
      const fetch = (url: string, init: RequestInit) =>
        url === elsewhere
          ? craftToken(signer, { sub: elsewhere, iat: seconds + clock, exp: undefined }).then(token =>
              listResponse(token),
            )
          : host.fetch(url, init)
      const start = () =>
        statusChecker({
          ...(policy.online && { fetch }),
          maxStaleness: policy.maxStaleness,
          cache: policy.hasCache ? cache : 1,
          now: () => later(clock),
        })
      let checker = start()

      for (const event of story) {
        if (event.kind === 'set clock') clock = event.to
        if (event.kind === 'publish' && event.answer === 'list') host.serve(lists[event.number]!.token)
        if (event.kind === 'publish' && event.answer === 'nothing') host.serve(() => Promise.reject(new Error('down')))
        if (event.kind === 'publish' && event.answer === 'late')
          host.serve(async () => {
            await Promise.resolve()
            return listResponse(lists[event.number]!.token)
          })
        if (event.kind === 'ask elsewhere')
          await checker
            .check(asking(key, { now: later(clock), reference: { uri: elsewhere, index: 0 } }))
            .catch(() => undefined)
        if (event.kind === 'export') exported = await checker.exportSnapshot()
        if (event.kind === 'import') {
          const { token } = lists[event.number]!
          const made = JSON.stringify({ version: 1, lists: [{ uri, token, fetchedAt: seconds + event.fetchedAt }] })
          await checker.importSnapshot(exported ?? new TextEncoder().encode(made))
          exported = undefined
        }
        if (event.kind === 'restart') {
          checker = start()
          // What was never written down is forgotten: snapshots, and everything where there is no cache.
          newest = policy.hasCache ? written : Number.NEGATIVE_INFINITY
        }
        if (event.kind === 'ask') {
          clock += event.after
          const before = newest
          const asked = [1, 2].map(() => checker.check(asking(key, { now: later(clock) })))
          for (const outcome of await Promise.allSettled(asked)) {
            if (outcome.status === 'rejected') {
              expect(outcome.reason).toBeInstanceOf(VidimusError)
              continue
            }
            const list = lists.find(({ token }) => token === outcome.value.token)!
            answers++
            if (outcome.value.stale) stale++
            expect(list.issued).toBeGreaterThanOrEqual(before)
            expect(list.issued).toBeLessThanOrEqual(clock + 60)
            if (list.expires !== undefined) expect(clock).toBeLessThan(list.expires + 60)
            if (outcome.value.stale) expect(policy.maxStaleness !== undefined || !policy.online).toBe(true)
            expect(clock - list.issued).toBeLessThanOrEqual(policy.maxStaleness || 86_400)
            newest = Math.max(newest, list.issued)
            if (outcome.value.source !== 'snapshot') written = Math.max(written, list.issued)
          }
        }
      }
    }),
    { seed: 20261122, numRuns: 300 },
  )
  expect(answers).toBeGreaterThan(500)
  expect(stale).toBeGreaterThan(50)
})
