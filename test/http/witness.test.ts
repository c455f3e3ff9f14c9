/** A witness as logs ask it: which status says what, and that nothing is signed besides. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { decodeCheckpoint } from '../../src/audit/checkpoint.js'
import { verifyCheckpoint } from '../../src/audit/policy.js'
import { type Witness, withCosignatures, witness, witnessMemory } from '../../src/audit/witness.js'
import { base64, base64url, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { VidimusError } from '../../src/errors.js'
import { printCheckpoint } from '../../src/formats/tlog/checkpoint.js'
import { emptyRoot } from '../../src/formats/tlog/hash.js'
import { ed25519KeyId, printNote } from '../../src/formats/tlog/note.js'
import { type WitnessHandlerOptions, witnessHandler } from '../../src/http/witness.js'
import { act, origin, type World, world, worldOf } from '../audit/world.js'

const baseUri = 'https://witness.example/w1'
const address = 'http://10.0.0.7:8080/w1/add-checkpoint'

const signer = await generateSigner('EdDSA')
const made = await worldOf(3)
const { log } = made
const three = await log.checkpoint()
await grow(made, 4)
const seven = await log.checkpoint()
const now = () => made.clock.now

async function grow({ log }: World, entries: number) {
  for (let more = 0; more < entries; more++) await log.append(act())
}

/** A checkpoint of the log's own key over whatever is said. */
async function signedBy(key: Signer, size: number, root: Uint8Array, name = origin): Promise<string> {
  const text = printCheckpoint({ origin: name, size, root, extensions: [] })
  const keyId = ed25519KeyId(name, fromBase64url(key.publicJwk.x))
  return printNote({ text, signatures: [{ name, keyId, signature: await key.sign(utf8(text)) }] })
}

const bodyOf = (oldSize: number | string, hashes: readonly string[], checkpoint: string) =>
  `old ${oldSize}\n${hashes.map(hash => `${base64(fromBase64url(hash))}\n`).join('')}\n${checkpoint}`

const post = (body: string | Uint8Array, more: RequestInit = {}) =>
  new Request(address, { method: 'POST', body: body as string, ...more })

async function ready(options: Partial<WitnessHandlerOptions> = {}) {
  const w = await witness({ name: 'witness.example/w1', signer, logKey: log.verifierKey, memory: witnessMemory(), now })
  const handler = witnessHandler(w, { baseUri, firstCheckpoint: 'trusted', ...options })
  const ask = (oldSize: number | string, hashes: readonly string[], checkpoint: string) =>
    handler(post(bodyOf(oldSize, hashes, checkpoint)))
  return { w, handler, ask }
}

/** A witness that knows the log at size 3. */
async function atThree(options: Partial<WitnessHandlerOptions> = {}) {
  const all = await ready(options)
  await all.w.trustFirst(three)
  return all
}

const told = async (response: Response) => [response.status, await response.text()]
const refused = (status: number, code: string) => [status, JSON.stringify({ error: code })]

describe('add-checkpoint', () => {
  it('is answered with a cosignature, once the checkpoint is shown to continue what is kept', async () => {
    const { ask, w } = await atThree()
    const { hashes } = await log.proveConsistency(3)
    const response = await ask(3, hashes, seven)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    const line = await response.text()
    expect(line).toMatch(/^— witness\.example\/w1 [\w+/]+=*\n$/)
    const witnesses = { keys: w.verifierKey, threshold: 1 }
    const options = { logKey: log.verifierKey, witnesses, now }
    expect(await verifyCheckpoint(withCosignatures(seven, [line]), options)).toMatchObject({ ok: true, size: 7 })
    expect((await ask(7, [], seven)).status).toBe(200)
  })

  it('is answered with the size to prove from, where that is another', async () => {
    const { ask } = await atThree()
    const { hashes } = await log.proveConsistency(2)
    for (const [oldSize, proof] of [
      [0, []],
      [2, hashes],
      [7, []],
    ] as const) {
      const response = await ask(oldSize, proof, seven)
      expect(response.headers.get('content-type')).toBe('text/x.tlog.size')
      expect(await told(response)).toEqual([409, '3\n'])
    }
  })

  it('is answered with the size that is kept for a checkpoint before it', async () => {
    const { ask } = await atThree()
    expect((await ask(3, (await log.proveConsistency(3)).hashes, seven)).status).toBe(200)
    for (const oldSize of [0, 3]) expect(await told(await ask(oldSize, [], three))).toEqual([409, '7\n'])
  })

  it('is refused for another root at the size that is kept, and the witness told of it', async () => {
    const onSuspect = vi.fn()
    const { ask, w } = await atThree({ onSuspect })
    const fork = await signedBy(made.signer, 3, new Uint8Array(32))
    const response = await ask(3, [], fork)
    expect(response.headers.get('content-type')).toBe('text/x.tlog.size')
    expect(await told(response)).toEqual([409, '3\n'])
    expect(onSuspect).toHaveBeenCalledExactlyOnceWith(fork, expect.objectContaining({ code: 'log_forked' }))
    await expect(w.cosign(three)).resolves.toMatchObject({ size: 3 })
  })

  it('is refused for a proof that does not hold, and the witness told of it', async () => {
    const onSuspect = vi.fn()
    const { ask } = await atThree({ onSuspect })
    const { hashes } = await log.proveConsistency(3)
    const fork = await signedBy(made.signer, 7, new Uint8Array(32))
    for (const [proof, checkpoint] of [
      [hashes, fork],
      [[], seven],
      [hashes.slice(1), seven],
      [[...hashes, hashes[0]!], seven],
      [hashes.toReversed(), seven],
      [[...hashes.slice(0, -1), base64url(new Uint8Array(32))], seven],
    ] as const) {
      expect(await told(await ask(3, proof, checkpoint))).toEqual(refused(422, 'audit_consistency_invalid'))
      expect(onSuspect).toHaveBeenLastCalledWith(
        checkpoint,
        expect.objectContaining({ code: 'audit_consistency_invalid' }),
      )
    }
    expect((await ask(3, hashes, seven)).status).toBe(200)
  })

  it('believes a first checkpoint only where it is told to', async () => {
    const trusting = await ready()
    expect(await told(await trusting.ask(3, [], seven))).toEqual([409, '0\n'])
    const { hashes } = await log.proveConsistency(3)
    expect(await told(await trusting.ask(0, hashes, seven))).toEqual(refused(422, 'audit_consistency_invalid'))
    expect((await trusting.ask(0, [], seven)).status).toBe(200)
    expect(await told(await trusting.ask(0, [], seven))).toEqual([409, '7\n'])
    const careful = await ready({ firstCheckpoint: 'refused' })
    for (const oldSize of [0, 3])
      expect(await told(await careful.ask(oldSize, [], seven))).toEqual(refused(404, 'witness_log_unknown'))
    await careful.w.trustFirst(three)
    expect((await careful.ask(3, hashes, seven)).status).toBe(200)
  })

  it('is answered when an empty log has begun to grow, and for an empty log with the root of one alone', async () => {
    const { ask } = await ready()
    const odd = await signedBy(made.signer, 0, new Uint8Array(32))
    expect(await told(await ask(0, [], odd))).toEqual(refused(422, 'audit_consistency_invalid'))
    expect((await ask(0, [], await signedBy(made.signer, 0, emptyRoot()))).status).toBe(200)
    const { hashes } = await log.proveConsistency(3)
    expect(await told(await ask(0, hashes, seven))).toEqual(refused(422, 'audit_consistency_invalid'))
    expect((await ask(0, [], seven)).status).toBe(200)
  })

  it('is refused by who has not signed what', async () => {
    const { ask } = await atThree()
    const stranger = await generateSigner('EdDSA')
    const { root } = decodeCheckpoint(seven)
    const bytes = Uint8Array.from(atob(root), character => character.charCodeAt(0))
    const { hashes } = await log.proveConsistency(3)
    const ofOther = await signedBy(made.signer, 7, bytes, 'other.example/log')
    expect(await told(await ask(3, hashes, ofOther))).toEqual(refused(404, 'checkpoint_origin_mismatch'))
    const byOther = await signedBy(stranger, 7, bytes)
    expect(await told(await ask(3, hashes, byOther))).toEqual(refused(403, 'checkpoint_signature_missing'))
    const unsigned = seven.slice(0, seven.indexOf('\n\n') + 2)
    expect(await told(await ask(3, hashes, unsigned))).toEqual(refused(403, 'checkpoint_signature_missing'))
    const spoiled = seven.replace('\n7\n', '\n8\n')
    expect(await told(await ask(3, hashes, spoiled))).toEqual(refused(403, 'checkpoint_signature_invalid'))
  })

  it('may bear signatures of others, which count for nothing', async () => {
    const { ask } = await atThree()
    const other = await signedBy(await generateSigner('EdDSA'), 7, new Uint8Array(32), 'w2.example')
    const more = seven + other.slice(other.indexOf('— '))
    expect((await ask(3, (await log.proveConsistency(3)).hashes, more)).status).toBe(200)
  })

  it.each<[string, (body: string) => string | Uint8Array, number, string]>([
    ['nothing', () => '', 400, 'witness_request_malformed'],
    ['no blank line', body => body.replaceAll('\n\n', '\n'), 400, 'witness_request_malformed'],
    ['another first line', body => body.replace('old', 'new'), 400, 'witness_request_malformed'],
    ['an old size beyond the new one', body => body.replace('old 3', 'old 8'), 400, 'witness_request_malformed'],
    [
      '64 hashes',
      body => body.replace('\n', `\n${`${base64(new Uint8Array(32))}\n`.repeat(64)}`),
      400,
      'witness_request_malformed',
    ],
    ['a checkpoint without a root', body => body.replace(/\n7\n.*\n/, '\n7\n'), 400, 'checkpoint_malformed'],
    ['a checkpoint without its last newline', body => body.slice(0, -1), 400, 'checkpoint_malformed'],
    ['a size with a leading zero', body => body.replace('\n7\n', '\n07\n'), 400, 'checkpoint_malformed'],
    ['a carriage return', body => body.replace('\n7\n', '\n7\r\n'), 400, 'checkpoint_malformed'],
    ['bytes that are no text', body => Uint8Array.of(...utf8(body), 255), 400, 'encoding_invalid'],
    ['too much of it', body => body + 'x'.repeat(270 * 1024), 413, 'limit_exceeded'],
    ['a note of too many signatures', body => body + `— w.example AAAAAAA=\n`.repeat(100), 413, 'limit_exceeded'],
  ])('is refused with %s', async (_, spoil, status, code) => {
    const { handler } = await atThree()
    const body = bodyOf(3, (await log.proveConsistency(3)).hashes, seven)
    expect(await told(await handler(post(spoil(body))))).toEqual(refused(status, code))
    expect((await handler(post(body))).status).toBe(200)
  })

  it('is not read beyond its limit, however it comes', async () => {
    const { handler } = await atThree()
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 64 * 1024
        controller.enqueue(new Uint8Array(64 * 1024))
      },
    })
    const request = post('x')
    Object.defineProperty(request, 'body', { value: endless })
    Object.defineProperty(request, 'headers', { value: new Headers() })
    expect(await told(await handler(request))).toEqual(refused(413, 'limit_exceeded'))
    expect(sent).toBeLessThan(1024 * 1024)
    const announced = post('x')
    Object.defineProperty(announced, 'headers', { value: new Headers({ 'content-length': '999999' }) })
    expect((await handler(announced)).status).toBe(413)
    expect(announced.bodyUsed).toBe(false)
  })

  it('is cosigned for the history that continues what is kept, whatever comes beside it', async () => {
    const { ask } = await atThree()
    const { hashes } = await log.proveConsistency(3)
    const other = await world({ signer: made.signer })
    await grow(other, 7)
    const fork = await other.log.checkpoint()
    const asked = Array.from({ length: 8 }, (_, at) =>
      at % 2 === 0 ? ask(3, hashes, seven) : other.log.proveConsistency(3).then(proof => ask(3, proof.hashes, fork)),
    )
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.filter((status, at) => status === 200 && at % 2 === 1)).toEqual([])
    expect(statuses).toContain(200)
  })

  it('is asked with POST, at its address and no other', async () => {
    const { handler } = await atThree()
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await handler(new Request(address, { method }))
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    }
    const body = bodyOf(3, [], three)
    for (const path of [
      '',
      'w1',
      'w1/',
      'add-checkpoint',
      'w1/add-checkpoint/',
      'w1/%61dd-checkpoint',
      'w1/add-tree-head',
    ]) {
      const response = await handler(new Request(`http://10.0.0.7/${path}`, { method: 'POST', body }))
      expect(await told(response)).toEqual(refused(404, 'not_found'))
    }
  })

  it('is answered whatever comes', async () => {
    const { handler } = await atThree()
    const body = bodyOf(3, (await log.proveConsistency(3)).hashes, seven)
    const spoiled = fc
      .tuple(fc.nat(body.length), fc.nat(40), fc.string({ maxLength: 20 }))
      .map(([from, count, text]) => body.slice(0, from) + text + body.slice(from + count))
    await fc.assert(
      fc.asyncProperty(spoiled, async text => {
        fc.pre(text !== body)
        const { status } = await handler(post(text))
        expect([200, 400, 403, 404, 409, 413, 422]).toContain(status)
      }),
      { seed: 20261122, numRuns: 300 },
    )
    expect((await handler(post(bodyOf(7, [], seven)))).status).not.toBe(500)
  })
})

describe('a witness that fails', () => {
  it.each<[unknown, number, string]>([
    [new VidimusError('store_busy'), 503, 'temporarily_unavailable'],
    [new VidimusError('store_unreachable'), 503, 'temporarily_unavailable'],
    [new VidimusError('store_commit_unknown'), 500, 'internal_error'],
    [new Error('the disk is full'), 500, 'internal_error'],
    [undefined, 500, 'internal_error'],
  ])('signs nothing and tells its operator: %s', async (error, status, word) => {
    const onError = vi.fn()
    const fails: Pick<Witness, 'cosign' | 'trustFirst'> = {
      cosign: () => Promise.reject(error),
      trustFirst: () => Promise.reject(error),
    }
    const handler = witnessHandler(fails, { baseUri, firstCheckpoint: 'trusted', onError })
    expect(await told(await handler(post(bodyOf(3, [], three))))).toEqual(refused(status, word))
    expect(onError).toHaveBeenCalledExactlyOnceWith(error)
  })
})

it('a witness answers, even when whoever is told of what it met throws', async () => {
  const thrower = vi.fn(() => {
    throw new Error('nobody listens')
  })
  const { ask } = await atThree({ onSuspect: thrower })
  expect(await told(await ask(3, [], seven))).toEqual(refused(422, 'audit_consistency_invalid'))
  const failing = { cosign: () => Promise.reject(new Error('secret')), trustFirst: () => Promise.reject() }
  const handler = witnessHandler(failing, { baseUri, firstCheckpoint: 'trusted', onError: thrower })
  expect(await told(await handler(post(bodyOf(3, [], three))))).toEqual(refused(500, 'internal_error'))
  expect(thrower).toHaveBeenCalledTimes(2)
})

describe('a witness whose memory holds something else', () => {
  it('signs nothing and tells its operator, and not who asks', async () => {
    const onError = vi.fn()
    const memory = { find: () => 'no checkpoint', replace: () => true }
    const w = await witness({ name: 'witness.example/w1', signer, logKey: log.verifierKey, memory, now })
    const handler = witnessHandler(w, { baseUri, firstCheckpoint: 'trusted', onError })
    expect(await told(await handler(post(bodyOf(3, [], three))))).toEqual(refused(500, 'internal_error'))
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'checkpoint_malformed' }))
  })
})

describe('a handler of a witness', async () => {
  const { w } = await ready()
  it.each<[string, object, unknown?]>([
    ['witness', {}, null],
    ['witness', {}, {}],
    ['witness', {}, { cosign: w.cosign }],
    ['baseUri', { baseUri: 'http://witness.example' }],
    ['baseUri', { baseUri: undefined }],
    ['firstCheckpoint', { firstCheckpoint: undefined }],
    ['firstCheckpoint', { firstCheckpoint: true }],
    ['onSuspect', { onSuspect: 'log' }],
    ['onError', { onError: 'log' }],
    ['options.trustFirst', { trustFirst: true }],
  ])('is not made of a wrong `%s`', (argument, options, of = w) => {
    const make = () => witnessHandler(of as never, { baseUri, firstCheckpoint: 'trusted', ...options } as never)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(`\`${argument}\``)
  })

  it('is not made without options', () => {
    expect(() => witnessHandler(w, undefined as never)).toThrow('`options`')
  })
})
