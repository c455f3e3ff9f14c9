import { beforeAll, describe, expect, it } from 'vitest'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import type { SignerHints } from '../../src/core/signer-hints.js'
import { VidimusError } from '../../src/errors.js'
import { statusListJwt } from '../../src/formats/status-list/jwt.js'
import type { StatusTokenForm } from '../../src/formats/status-list/token.js'
import { type StatusCheckerOptions, statusChecker } from '../../src/status/checker.js'
import type { StatusCache } from '../../src/status/fetched.js'
import type { KeptToken } from '../../src/status/kept-list.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { craftToken, instant, keyOf, lstOf, seconds, uri } from '../formats/status-list/craft.js'
import { asking, later, listResponse, makeHost, refusalOf } from './host.js'

let signer: Signer
let other: Signer
let key: PublicKey
let otherKey: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256')
  other = await generateSigner('ES256')
  key = await keyOf(signer)
  otherKey = await keyOf(other)
})

/** A list issued `offset` seconds after the instant, in which the status asked for is `value`. */
const listOf = async (value: number, offset: number, claims: object = {}, by: Signer = signer): Promise<string> =>
  craftToken(
    by,
    { iat: seconds + offset, exp: seconds + offset + 3600, ...claims },
    {},
    { bits: 2, lst: await lstOf(Uint8Array.of(value << 6)) },
  )

/** The JWT form, which says how often a token was read. */
function countingForm(): StatusTokenForm & { times: number } {
  return {
    ...statusListJwt,
    times: 0,
    parse(token, limits) {
      this.times++
      return statusListJwt.parse(token, limits)
    },
  }
}

const unreachable = () => Promise.reject(new TypeError('fetch failed'))

describe('a status checker', () => {
  it('answers with the value, the token that says so and its age', async () => {
    const token = await listOf(2, -60)
    const answer = await statusChecker({ fetch: makeHost(token).fetch }).check(asking(key))
    expect(answer).toEqual({
      value: 2,
      token,
      tokenDigest: expect.stringMatching(/^[\w-]{43}$/),
      asOf: later(-60),
      source: 'fetched',
    })
  })

  it('gives values as they are, known or not', async () => {
    for (const value of [0, 1, 2, 3]) {
      const host = makeHost(await listOf(value, 0))
      expect((await statusChecker({ fetch: host.fetch }).check(asking(key))).value).toBe(value)
    }
  })

  it.each([4, 1_000_000, -1, 0.5, Number.NaN])('refuses the index %d of a list of four', async index => {
    const host = makeHost(await listOf(0, 0))
    const question = asking(key, { reference: { uri, index } })
    await expect(statusChecker({ fetch: host.fetch }).check(question)).rejects.toMatchObject({
      code: 'status_index_out_of_range',
    })
  })

  it('refuses a list that is for another address', async () => {
    const host = makeHost(await listOf(0, 0, { sub: 'https://status.example/lists/2' }))
    await expect(statusChecker({ fetch: host.fetch }).check(asking(key))).rejects.toMatchObject({
      code: 'status_subject_mismatch',
    })
  })

  it('refuses a list that no believed key signed', async () => {
    const host = makeHost(await listOf(0, 0, {}, other))
    await expect(statusChecker({ fetch: host.fetch }).check(asking(key))).rejects.toMatchObject({
      code: 'status_signature_invalid',
    })
  })

  it('refuses without a network and without a list', async () => {
    await expect(statusChecker().check(asking(key))).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('lets what is no refusal through: it is somebody’s mistake', async () => {
    const mistake = new Error('no such table')
    const signers = () => Promise.reject(mistake)
    const host = makeHost(await listOf(0, 0))
    const checker = statusChecker({ fetch: host.fetch })
    expect(await refusalOf(checker.check(asking(key, { signers })))).toBe(mistake)
    await checker.check(asking(key))
    expect(await refusalOf(checker.check(asking(key, { signers })))).toBe(mistake)
    expect(host.asked.length).toBe(2)
    const trusting = statusChecker({
      fetch: host.fetch,
      trust: trustAnchors([{ jwk: signer.publicJwk, purposes: ['status'] }]),
    })
    expect(await refusalOf(trusting.check(asking(key, { signers })))).toBe(mistake)
  })
})

describe('a list that was fetched', () => {
  it('answers again until its ttl has passed since the fetch', async () => {
    const host = makeHost(await listOf(0, -60, { ttl: 100 }))
    const checker = statusChecker({ fetch: host.fetch })
    expect((await checker.check(asking(key))).source).toBe('fetched')
    expect((await checker.check(asking(key, { now: later(99.9) }))).source).toBe('cached')
    expect(host.asked.length).toBe(1)
    expect((await checker.check(asking(key, { now: later(100) }))).source).toBe('fetched')
    expect(host.asked.length).toBe(2)
  })

  it('without a ttl answers again for five minutes', async () => {
    const host = makeHost(await listOf(0, 0, { ttl: undefined }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    await checker.check(asking(key, { now: later(299) }))
    expect(host.asked.length).toBe(1)
    await checker.check(asking(key, { now: later(300) }))
    expect(host.asked.length).toBe(2)
  })

  it('answers again no longer than its exp, whatever its ttl', async () => {
    const host = makeHost(await listOf(0, 0, { ttl: 1e9, exp: seconds + 50 }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    await checker.check(asking(key, { now: later(49) }))
    expect(host.asked.length).toBe(1)
    await checker.check(asking(key, { now: later(50) }))
    expect(host.asked.length).toBe(2)
  })

  it('answers again no longer than maxStaleness, whatever its ttl', async () => {
    const host = makeHost(await listOf(0, -100, { ttl: 1e9, exp: undefined }))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 200 })
    await checker.check(asking(key))
    await checker.check(asking(key, { now: later(100) }))
    expect(host.asked.length).toBe(1)
    host.serve(await listOf(1, 101))
    expect(await checker.check(asking(key, { now: later(101) }))).toMatchObject({ value: 1, source: 'fetched' })
  })

  it('gets no fresher when the clock is set back', async () => {
    const host = makeHost(await listOf(0, -1000, { ttl: 100 }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    await checker.check(asking(key, { now: later(-60) }))
    expect(host.asked.length).toBe(1)
    await checker.check(asking(key, { now: later(-61) }))
    expect(host.asked.length).toBe(2)
  })

  it('gives way to a newer one', async () => {
    const host = makeHost(await listOf(0, 0, { ttl: 10 }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    host.serve(await listOf(1, 20, { ttl: 1000 }))
    expect(await checker.check(asking(key, { now: later(20) }))).toMatchObject({ value: 1, asOf: later(20) })
    expect(await checker.check(asking(key, { now: later(30) }))).toMatchObject({ value: 1, source: 'cached' })
  })

  it('is kept once, however often it is fetched', async () => {
    const host = makeHost(await listOf(0, 0, { ttl: 1 }))
    const checker = statusChecker({ fetch: host.fetch })
    for (let times = 0; times < 10; times++) await checker.check(asking(key, { now: later(times * 10) }))
    host.serve(await listOf(2, 0, { ttl: 1 }))
    await checker.check(asking(key, { now: later(200) }))
    expect(JSON.parse(new TextDecoder().decode(await checker.exportSnapshot())).lists.length).toBe(1)
  })

  it('is opened once, however often it is fetched', async () => {
    const host = makeHost(await listOf(0, 0, { ttl: 1 }))
    const checker = statusChecker({ fetch: host.fetch })
    const form = countingForm()
    const first = await checker.check(asking(key, { form }))
    const second = await checker.check(asking(key, { form, now: later(10) }))
    expect(form.times).toBe(1)
    expect(second).toMatchObject({ source: 'fetched', tokenDigest: first.tokenDigest })
    expect(host.asked.length).toBe(2)
    expect((await checker.check(asking(key, { now: later(10.5) }))).source).toBe('cached')
  })

  it('answers only within the limits and algorithms of each question', async () => {
    const host = makeHost(await listOf(0, 0))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    const small = { ...defaultLimits, statusTokenBytes: 100 }
    await expect(checker.check(asking(key, { limits: small }))).rejects.toMatchObject({ code: 'limit_exceeded' })
    const empty = { ...defaultLimits, statusListBytes: 0 }
    await expect(checker.check(asking(key, { limits: empty }))).rejects.toMatchObject({ code: 'limit_exceeded' })
    await expect(checker.check(asking(key, { algorithms: ['EdDSA'] }))).rejects.toMatchObject({
      code: 'alg_not_allowed',
    })
  })

  it('is left for another when more addresses are asked than are kept', async () => {
    const host = makeHost(async url => listResponse(await listOf(0, 0, { sub: url })))
    const checker = statusChecker({ fetch: host.fetch, cache: 2 })
    const ask = (name: string) =>
      checker.check(asking(key, { reference: { uri: `https://status.example/${name}`, index: 0 } }))
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(name)
    expect(host.asked.map(url => url.slice(-1))).toEqual(['a', 'b', 'c', 'b'])
  })
})

describe('a list and its signer', () => {
  it('counts for a question only if one of its own signers signed it', async () => {
    const host = makeHost(await listOf(0, 0))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    await expect(checker.check(asking(otherKey))).rejects.toMatchObject({ code: 'status_signature_invalid' })
    expect((await checker.check(asking(key))).source).toBe('cached')
  })

  it('is verified again for a key that was imported anew, and once is enough', async () => {
    const host = makeHost(await listOf(0, 0))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    const again = await keyOf(signer)
    expect((await checker.check(asking([otherKey, again]))).source).toBe('cached')
    expect((await checker.check(asking(again))).source).toBe('cached')
    expect(host.asked.length).toBe(1)
  })

  it('stands beside the list of another signer at the same address', async () => {
    const host = makeHost(await listOf(0, 0))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    host.serve(await listOf(1, -100, {}, other))
    expect(await checker.check(asking(otherKey))).toMatchObject({ value: 1, source: 'fetched' })
    expect(await checker.check(asking(key))).toMatchObject({ value: 0, source: 'cached' })
    expect(await checker.check(asking(otherKey))).toMatchObject({ value: 1, source: 'cached' })
    expect(host.asked.length).toBe(2)
  })

  it('stays beside a newer one of another signer', async () => {
    const host = makeHost(await listOf(1, -100, {}, other))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(otherKey))
    host.serve(await listOf(0, 0))
    await checker.check(asking(key))
    expect(await checker.check(asking(otherKey))).toMatchObject({ value: 1, source: 'cached' })
    expect(host.asked.length).toBe(2)
  })

  it('is the only one of its signer, also where keys are imported anew for every question', async () => {
    const host = makeHost()
    const checker = statusChecker({ fetch: host.fetch })
    for (let times = 0; times < 10; times++) {
      host.serve(await listOf(0, times, { ttl: 1 }))
      await checker.check(asking(await keyOf(signer), { now: later(times * 2) }))
    }
    expect(JSON.parse(new TextDecoder().decode(await checker.exportSnapshot())).lists.length).toBe(1)
    expect((await checker.check(asking(key, { now: later(18) }))).asOf).toEqual(later(9))
  })

  it('is not verified twice for one key', async () => {
    let verified = 0
    const counted: PublicKey = {
      ...key,
      verify(data, signature) {
        verified++
        return key.verify(data, signature)
      },
    }
    const host = makeHost(await listOf(0, 0, { ttl: 10 }))
    const checker = statusChecker({ fetch: host.fetch })
    for (const seconds of [0, 1, 2, 20, 21]) await checker.check(asking(counted, { now: later(seconds) }))
    expect(host.asked.length).toBe(2)
    expect(verified).toBe(1)
  })

  it('is the newest of those a question believes', async () => {
    const host = makeHost(await listOf(0, 0))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    host.serve(await listOf(1, 10, {}, other))
    await checker.check(asking(otherKey, { now: later(10) }))
    expect(await checker.check(asking([key, otherKey], { now: later(10) }))).toMatchObject({
      value: 1,
      asOf: later(10),
    })
  })
})

describe('an older list', () => {
  it('never takes the place of a newer one', async () => {
    const host = makeHost(await listOf(1, 0, { ttl: 10 }))
    const strict = statusChecker({ fetch: host.fetch })
    const lenient = statusChecker({ fetch: host.fetch, maxStaleness: 60 })
    for (const checker of [strict, lenient]) await checker.check(asking(key))
    host.serve(await listOf(0, -1, { ttl: 10_000 }))
    for (const seconds of [20, 30]) {
      const question = asking(key, { now: later(seconds) })
      await expect(strict.check(question)).rejects.toMatchObject({ code: 'status_rolled_back', at: 'iat' })
      expect(await lenient.check(question)).toMatchObject({ value: 1, source: 'cached', stale: true })
    }
  })

  it('is refused as rolled back when the newer one may no longer answer', async () => {
    const host = makeHost(await listOf(1, 0, { ttl: 10, exp: seconds + 20 }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    host.serve(await listOf(0, -1))
    await expect(checker.check(asking(key, { now: later(80) }))).rejects.toMatchObject({ code: 'status_rolled_back' })
    await expect(checker.check(asking(key, { now: later(90) }))).rejects.toMatchObject({ code: 'status_rolled_back' })
  })

  it('is refused as rolled back where nothing answers from memory', async () => {
    const host = makeHost(await listOf(1, 0))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 0 })
    await checker.check(asking(key))
    host.serve(await listOf(0, -1))
    await expect(checker.check(asking(key))).rejects.toMatchObject({ code: 'status_rolled_back' })
  })

  it('of the same second is no older', async () => {
    const host = makeHost(await listOf(1, 0, { ttl: 10 }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    host.serve(await listOf(2, 0, { ttl: 10 }))
    expect(await checker.check(asking(key, { now: later(20) }))).toMatchObject({ value: 2, source: 'fetched' })
    expect(await checker.check(asking(key, { now: later(21) }))).toMatchObject({ value: 2, source: 'cached' })
  })
})

describe('a list that cannot be renewed', () => {
  const known = async (options: StatusCheckerOptions = {}, claims: object = {}) => {
    const host = makeHost(await listOf(2, 0, { ttl: 10, ...claims }))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 3600, ...options })
    await checker.check(asking(key))
    return { host, checker }
  }

  const failures = [
    ['the host is silent', async () => unreachable, 'status_unreachable'],
    ['the host answers with an error', async () => () => listResponse('', {}, 503), 'status_response_invalid'],
    ['the host serves something else', async () => 'not a token', 'jws_malformed'],
    ['the host serves another’s list', () => listOf(0, 5, {}, other), 'status_signature_invalid'],
    ['the host serves an expired list', () => listOf(0, 5, { exp: seconds + 6 }), 'status_expired'],
    ['the host serves a list of the future', () => listOf(0, 161), 'status_issued_in_future'],
  ] as const

  it.each(failures)('still answers by stated policy when %s, and the answer says so', async (_, answer) => {
    const { host, checker } = await known()
    host.serve(await answer())
    expect(await checker.check(asking(key, { now: later(9) }))).not.toHaveProperty('stale')
    expect(await checker.check(asking(key, { now: later(100) }))).toMatchObject({
      value: 2,
      source: 'cached',
      stale: true,
      asOf: instant,
    })
    expect(host.asked.length).toBe(2)
  })

  it.each(failures)('does not answer where no policy is stated when %s', async (_, answer, code) => {
    const { host, checker } = await known({ maxStaleness: undefined })
    host.serve(await answer())
    expect(await checker.check(asking(key, { now: later(9) }))).toMatchObject({ value: 2, source: 'cached' })
    await expect(checker.check(asking(key, { now: later(100) }))).rejects.toMatchObject({ code })
  })

  it('is stale no longer once it has been renewed, though it is the same', async () => {
    const { host, checker } = await known()
    const token = await listOf(2, 0, { ttl: 10 })
    host.serve(unreachable)
    expect(await checker.check(asking(key, { now: later(100) }))).toMatchObject({ stale: true })
    host.serve(token)
    expect(await checker.check(asking(key, { now: later(101) }))).not.toHaveProperty('stale')
    expect(await checker.check(asking(key, { now: later(102) }))).not.toHaveProperty('stale')
  })

  it('does not answer once it has run out: the refusal is the host’s', async () => {
    const { host, checker } = await known({}, { exp: seconds + 50 })
    host.serve(unreachable)
    expect(await checker.check(asking(key, { now: later(109) }))).toMatchObject({ value: 2 })
    await expect(checker.check(asking(key, { now: later(110) }))).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('does not answer beyond maxStaleness', async () => {
    const { host, checker } = await known({ maxStaleness: 200 })
    host.serve(unreachable)
    expect(await checker.check(asking(key, { now: later(200) }))).toMatchObject({ value: 2 })
    await expect(checker.check(asking(key, { now: later(201) }))).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('does not answer where every question fetches', async () => {
    const { host, checker } = await known({ maxStaleness: 0 })
    host.serve(unreachable)
    await expect(checker.check(asking(key))).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('does not answer when its host goes on serving what has run out', async () => {
    const { checker } = await known({}, { exp: seconds + 50 })
    expect(await checker.check(asking(key, { now: later(109) }))).toMatchObject({ value: 2, source: 'fetched' })
    await expect(checker.check(asking(key, { now: later(110) }))).rejects.toMatchObject({ code: 'status_expired' })
    await expect(checker.check(asking(key, { now: later(60), clockTolerance: 0 }))).rejects.toMatchObject({
      code: 'status_expired',
    })
  })

  it('does not answer in place of somebody’s mistake', async () => {
    const { host, checker } = await known()
    const mistake = new Error('no such table')
    host.serve(await craftToken(signer, { iat: seconds + 5 }, { kid: 'newer' }))
    const signers = ({ keyId }: SignerHints) => (keyId === 'newer' ? Promise.reject(mistake) : [key])
    expect(await refusalOf(checker.check(asking(key, { now: later(20), signers })))).toBe(mistake)
  })

  it('does not answer in place of a newer one that is too short for the index', async () => {
    const { host, checker } = await known()
    host.serve(await craftToken(signer, { iat: seconds + 5 }, {}, { bits: 8, lst: await lstOf(Uint8Array.of(0)) }))
    await expect(checker.check(asking(key, { now: later(20) }))).rejects.toMatchObject({
      code: 'status_index_out_of_range',
    })
  })

  it('does not answer a caller who gave up', async () => {
    const { host, checker } = await known()
    const controller = new AbortController()
    const reason = new VidimusError('status_unreachable', { at: 'the caller’s own reason' })
    host.serve(() => {
      controller.abort(reason)
      return unreachable()
    })
    const question = asking(key, { now: later(100), signal: controller.signal })
    expect(await refusalOf(checker.check(question))).toBe(reason)
  })
})

describe('maxStaleness', () => {
  it('bounds the age of a list just fetched', async () => {
    const host = makeHost(await listOf(0, -900))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 900 })
    await checker.check(asking(key))
    await expect(checker.check(asking(key, { now: later(1) }))).rejects.toMatchObject({
      code: 'status_stale',
      expected: 900,
      actual: 901,
    })
  })

  it('is a day by default', async () => {
    const host = makeHost(await listOf(0, -86_400, { exp: undefined }))
    const checker = statusChecker({ fetch: host.fetch })
    await checker.check(asking(key))
    await expect(checker.check(asking(key, { now: later(1) }))).rejects.toMatchObject({ code: 'status_stale' })
  })

  it('of 0 fetches for every question, also for those that come at once', async () => {
    const host = makeHost(await listOf(0, -500))
    const checker = statusChecker({ fetch: host.fetch, maxStaleness: 0 })
    await Promise.all([1, 2, 3].map(() => checker.check(asking(key))))
    await checker.check(asking(key))
    expect(host.asked.length).toBe(4)
  })

  it('of 0 takes no list older than a day all the same', async () => {
    const host = makeHost(await listOf(0, -86_401, { exp: undefined }))
    await expect(statusChecker({ fetch: host.fetch, maxStaleness: 0 }).check(asking(key))).rejects.toMatchObject({
      code: 'status_stale',
    })
  })
})

describe('questions that come at once', () => {
  it('share one fetch and one opening', async () => {
    const host = makeHost(await listOf(1, 0))
    const checker = statusChecker({ fetch: host.fetch })
    const form = countingForm()
    const answers = await Promise.all(Array.from({ length: 50 }, () => checker.check(asking(key, { form }))))
    expect(host.asked.length).toBe(1)
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set([1]))
    expect(form.times).toBe(1)
  })

  it('share one fetch when there are ten thousand, some of whom give up', async () => {
    const host = makeHost(async () => {
      await new Promise(resolve => setTimeout(resolve, 20))
      return listResponse(await listOf(1, 0))
    })
    const checker = statusChecker({ fetch: host.fetch })
    const controller = new AbortController()
    const form = countingForm()
    const outcomes = Promise.allSettled(
      Array.from({ length: 10_000 }, (_, number) =>
        checker.check(asking(key, { form, signal: number % 2 === 0 ? controller.signal : undefined })),
      ),
    )
    setTimeout(() => controller.abort('gone'), 0)
    const answered = (await outcomes).filter(({ status }) => status === 'fulfilled')
    expect([answered.length, host.asked.length, form.times]).toEqual([5000, 1, 1])
  })

  it('of different trust share a fetch, not a verdict', async () => {
    const host = makeHost(await listOf(1, 0))
    const checker = statusChecker({ fetch: host.fetch })
    const outcomes = await Promise.allSettled([
      checker.check(asking(otherKey)),
      checker.check(asking(key)),
      checker.check(asking(otherKey)),
      checker.check(asking([])),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected'])
    expect(host.asked.length).toBe(1)
  })

  it('share a failure, and the next question asks again', async () => {
    const host = makeHost(unreachable)
    const checker = statusChecker({ fetch: host.fetch })
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => checker.check(asking(key))))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(host.asked.length).toBe(1)
    host.serve(await listOf(0, 0))
    expect((await checker.check(asking(key))).value).toBe(0)
  })

  it('do not suffer from one that gives up, and the fetch ends with the last', async () => {
    let respond: (response: Response) => void = () => {}
    let fetching: AbortSignal | null | undefined
    const host = makeHost((_, init) => {
      fetching = init.signal
      return new Promise(resolve => {
        respond = resolve
      })
    })
    const checker = statusChecker({ fetch: host.fetch })
    const controller = new AbortController()
    const leaving = refusalOf(checker.check(asking(key, { signal: controller.signal })))
    const staying = checker.check(asking(key))
    await new Promise(resolve => setTimeout(resolve, 5))
    controller.abort('gone')
    expect(await leaving).toBe('gone')
    expect(fetching?.aborted).toBe(false)
    respond(listResponse(await listOf(0, 0)))
    expect((await staying).value).toBe(0)
    expect(host.asked.length).toBe(1)
  })

  it('may each give up, whatever they wait for', async () => {
    const host = makeHost(await listOf(0, 0))
    const controller = new AbortController()
    const signers = () => new Promise<readonly PublicKey[]>(() => {})
    const waiting = refusalOf(
      statusChecker({ fetch: host.fetch }).check(asking(key, { signers, signal: controller.signal })),
    )
    setTimeout(() => controller.abort('gone'), 5)
    expect(await waiting).toBe('gone')
  })

  it('have limits of their own', async () => {
    const host = makeHost(await listOf(0, 0))
    const checker = statusChecker({ fetch: host.fetch })
    const small = { ...defaultLimits, statusTokenBytes: 10 }
    const outcomes = await Promise.allSettled([
      checker.check(asking(key, { limits: small })),
      checker.check(asking(key)),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })
})

describe('a checker’s own trust', () => {
  const anchor = (by: Signer, purposes: readonly ('credential' | 'status')[], issuer?: string) =>
    trustAnchors([{ jwk: by.publicJwk, purposes, issuer }])
  /** A verdict that believes nobody. */
  const signers = () => Promise.reject(new VidimusError('status_signer_untrusted'))

  it('is for lists that others sign than the issuer', async () => {
    const host = makeHost(await listOf(1, 0, {}, other))
    for (const issuer of [undefined, 'https://status.example']) {
      const checker = statusChecker({ fetch: host.fetch, trust: anchor(other, ['status'], issuer) })
      expect((await checker.check(asking(key, { signers }))).value).toBe(1)
    }
  })

  it('comes beside the verdict’s', async () => {
    const host = makeHost(await listOf(1, 0))
    const checker = statusChecker({ fetch: host.fetch, trust: anchor(other, ['status']) })
    expect((await checker.check(asking(key))).value).toBe(1)
  })

  it('believes only anchors for status lists', async () => {
    const host = makeHost(await listOf(1, 0, {}, other))
    const checker = statusChecker({ fetch: host.fetch, trust: anchor(other, ['credential']) })
    await expect(checker.check(asking(key, { signers }))).rejects.toMatchObject({ code: 'status_signer_untrusted' })
  })

  it('tells what the verdict’s signers told when it has none itself', async () => {
    const host = makeHost(await listOf(1, 0))
    const checker = statusChecker({ fetch: host.fetch, trust: anchor(other, ['credential']) })
    const signers = () => {
      throw new VidimusError('certificate_malformed')
    }
    await expect(checker.check(asking(key, { signers }))).rejects.toMatchObject({ code: 'certificate_malformed' })
  })

  it('believes no key for another’s list', async () => {
    const host = makeHost(await listOf(1, 0))
    const checker = statusChecker({ fetch: host.fetch, trust: anchor(other, ['status']) })
    await expect(checker.check(asking(key, { signers }))).rejects.toMatchObject({ code: 'status_signature_invalid' })
  })
})

describe('a cache of one’s own', () => {
  const memory = (): StatusCache & { readonly kept: Map<string, KeptToken> } => {
    const kept = new Map<string, KeptToken>()
    return { kept, get: async uri => kept.get(uri), set: async token => void kept.set(token.uri, token) }
  }

  it('outlives the checker', async () => {
    const cache = memory()
    const host = makeHost(await listOf(1, 0))
    await statusChecker({ fetch: host.fetch, cache }).check(asking(key))
    const next = statusChecker({ fetch: host.fetch, cache })
    expect(await next.check(asking(key, { now: later(10) }))).toMatchObject({ value: 1, source: 'cached' })
    expect(host.asked.length).toBe(1)
  })

  it('keeps older lists from taking the place of newer ones', async () => {
    const cache = memory()
    const host = makeHost(await listOf(1, 0, { ttl: 10 }))
    await statusChecker({ fetch: host.fetch, cache }).check(asking(key))
    host.serve(await listOf(0, -1))
    const next = statusChecker({ fetch: host.fetch, cache })
    await expect(next.check(asking(key, { now: later(20) }))).rejects.toMatchObject({ code: 'status_rolled_back' })
  })

  it('is not believed: what it holds is verified', async () => {
    const cache = memory()
    const host = makeHost(await listOf(0, 0))
    for (const token of [await listOf(1, 1, {}, other), 'not a token', 1 as unknown as string]) {
      cache.kept.set(uri, { uri, token, fetchedAt: instant })
      const checker = statusChecker({ fetch: host.fetch, cache })
      expect(await checker.check(asking(key))).toMatchObject({ value: 0, source: 'fetched' })
    }
  })

  it('is not believed on addresses and times either', async () => {
    const token = await listOf(1, 0)
    const host = makeHost(await listOf(0, 0))
    for (const wrong of [
      { uri: 'https://status.example/lists/2' },
      { fetchedAt: new Date(Number.NaN) },
      { fetchedAt: 0 },
    ]) {
      const kept = { uri, token, fetchedAt: instant, ...wrong } as KeptToken
      const checker = statusChecker({ fetch: host.fetch, cache: { get: () => kept, set: () => {} } })
      expect(await checker.check(asking(key))).toMatchObject({ value: 0, source: 'fetched' })
    }
  })

  it('may fail: that costs a fetch, not a verdict', async () => {
    const host = makeHost(await listOf(0, 0))
    const broken = () => {
      throw new Error('disk full')
    }
    const checker = statusChecker({ fetch: host.fetch, cache: { get: broken, set: broken } })
    expect((await checker.check(asking(key))).value).toBe(0)
  })

  it('may never answer: that costs a fetch and its time, not a verdict', async () => {
    const host = makeHost(await listOf(0, 0))
    const silent = () => new Promise<undefined>(() => {})
    for (const cache of [
      { get: silent, set: () => {} },
      { get: () => undefined, set: silent },
      { get: silent, set: silent },
    ]) {
      const checker = statusChecker({ fetch: host.fetch, cache, timeout: 0.01 })
      expect(await checker.check(asking(key))).toMatchObject({ value: 0, source: 'fetched' })
    }
    await expect(
      statusChecker({ cache: { get: silent, set: silent }, timeout: 0.01 }).check(asking(key)),
    ).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('is asked no longer than a timeout, and its late failure is nobody’s', async () => {
    const host = makeHost(await listOf(0, 0))
    const late = () => new Promise<undefined>((_, reject) => setTimeout(() => reject(new Error('too late')), 30))
    const checker = statusChecker({ fetch: host.fetch, cache: { get: late, set: late }, timeout: 0.01 })
    expect(await checker.check(asking(key))).toMatchObject({ value: 0, source: 'fetched' })
    await new Promise(resolve => setTimeout(resolve, 60))
  })

  it.each<[string, (token: string) => unknown]>([
    ['null', () => null],
    ['nothing', () => undefined],
    ['a number', () => 1],
    ['the token alone', token => token],
    ['a list of tokens', token => [{ uri, token, fetchedAt: instant }]],
    ['a token in bytes', token => ({ uri, token: new TextEncoder().encode(token), fetchedAt: instant })],
    ['a token as an object', token => ({ uri, token: { length: 1, toString: () => token }, fetchedAt: instant })],
    ['a token without a time', token => ({ uri, token })],
    ['a time as text', token => ({ uri, token, fetchedAt: instant.toISOString() })],
    [
      'what throws when it is read',
      token => ({
        uri,
        token,
        get fetchedAt() {
          throw new Error('gone')
        },
      }),
    ],
    ['a token longer than any', token => ({ uri, token: token.padEnd(8 * 2 ** 20 + 1, 'A'), fetchedAt: instant })],
  ])('that holds %s holds no token', async (_, made) => {
    const revoked = await listOf(1, 0)
    const host = makeHost(await listOf(0, 0))
    const cache = { get: async () => made(revoked) as KeptToken, set: () => {} }
    const checker = statusChecker({ fetch: host.fetch, cache })
    expect(await checker.check(asking(key))).toMatchObject({ value: 0, source: 'fetched' })
    const offline = refusalOf(statusChecker({ cache }).check(asking(key)))
    expect(await offline).toMatchObject({ code: 'status_unreachable' })
  })
})

describe('the options of a status checker', () => {
  it.each<[string, object]>([
    ['fetch', { fetch: 'https://status.example' }],
    ['maxStaleness', { maxStaleness: -1 }],
    ['maxStaleness', { maxStaleness: Number.POSITIVE_INFINITY }],
    ['maxStaleness', { maxStaleness: '900' }],
    ['timeout', { timeout: 0 }],
    ['timeout', { timeout: 301 }],
    ['cache', { cache: 0 }],
    ['cache', { cache: 1.5 }],
    ['cache', { cache: {} }],
    ['cache', { cache: { get: () => null } }],
    ['cache', { cache: { set: () => {} } }],
    ['cache', { cache: null }],
    ['trust', { trust: [] }],
    ['now', { now: instant }],
    ['maxStalness', { maxStalness: 900 }],
  ])('name what is wrong: %s', (name, options) => {
    expect(() => statusChecker(options as StatusCheckerOptions)).toThrow(
      expect.objectContaining({
        name: expect.stringMatching(/^(Type|Range)Error$/),
        message: expect.stringContaining(`\`${name}\``),
      }),
    )
  })
})
