/** What a log gets from its witnesses over HTTP, and what it makes of answers that are none. */
import { describe, expect, it, vi } from 'vitest'
import { type AskWitnessesOptions, askWitnesses, type RemoteWitness } from '../../src/audit/ask-witnesses.js'
import { verifyCheckpoint } from '../../src/audit/policy.js'
import { type Witness, withCosignatures, witness, witnessMemory } from '../../src/audit/witness.js'
import { fromBase64url } from '../../src/core/bytes.js'
import type { Fetch } from '../../src/core/fetch.js'
import { generateSigner } from '../../src/core/keys.js'
import { cosign as cosignText } from '../../src/formats/tlog/cosignature.js'
import { parseNote, printNote } from '../../src/formats/tlog/note.js'
import type { RequestHandler } from '../../src/http/answer.js'
import { witnessHandler } from '../../src/http/witness.js'
import { act, failing, type World, world, worldOf } from './world.js'

const now = () => new Date('2026-11-22T10:00:00Z')

interface Remote extends RemoteWitness {
  readonly w: Witness
  readonly handler: RequestHandler
}

async function remote(log: World['log'], name: string): Promise<Remote> {
  const signer = await generateSigner('EdDSA')
  const w = await witness({ name, signer, logKey: log.verifierKey, memory: witnessMemory(), now })
  const url = `https://${name}`
  return { url, key: w.verifierKey, w, handler: witnessHandler(w, { baseUri: url, firstCheckpoint: 'trusted' }) }
}

/** A network of these witnesses; what is asked is kept. */
function network(remotes: readonly { url: string; handler: RequestHandler }[]) {
  const asked: string[] = []
  const fetch: Fetch = async (url, init) => {
    const found = remotes.find(one => url === `${one.url}/add-checkpoint`)
    if (found === undefined) throw new TypeError('fetch failed')
    asked.push(String(init.body).split('\n', 1)[0]!)
    const { method, body, headers } = init
    return found.handler(new Request(url, { method: method!, body: body!, headers: headers! }))
  }
  return { fetch, asked }
}

const answering =
  (status: number, body: string | Uint8Array, type?: string): RequestHandler =>
  async () =>
    new Response(body as string, { status, headers: type === undefined ? {} : { 'content-type': type } })

const size = (text: string) => answering(409, text, 'text/x.tlog.size')

const made = await worldOf(5)
const { log } = made
const checkpoint = await log.checkpoint()

const asking = (witnesses: readonly RemoteWitness[], fetch: Fetch, more: Partial<AskWitnessesOptions> = {}) =>
  askWitnesses(checkpoint, { witnesses, fetch, proveConsistency: log.proveConsistency, now, ...more })

describe('witnesses that are asked', () => {
  it('cosign what grew, each from where it saw the log last', async () => {
    const grown = await worldOf(2)
    const remotes = await Promise.all(['w1.example', 'w2.example/sub', 'w3.example'].map(one => remote(grown.log, one)))
    const { fetch, asked } = network(remotes)
    const ask = async () =>
      askWitnesses(await grown.log.checkpoint(), {
        witnesses: remotes,
        fetch,
        proveConsistency: grown.log.proveConsistency,
        now,
      })
    await remotes[0]!.w.trustFirst(await grown.log.checkpoint())
    await grown.log.append(act())
    await remotes[1]!.w.trustFirst(await grown.log.checkpoint())
    await grown.log.append(act())
    const { checkpoint, cosigned, refusals } = await ask()
    expect([cosigned, refusals]).toEqual([['w1.example', 'w2.example/sub', 'w3.example'], []])
    expect(asked.toSorted()).toEqual(['old 0', 'old 0', 'old 0', 'old 2', 'old 3'])
    const witnesses = { keys: remotes.map(({ w }) => w.verifierKey), threshold: 3 }
    expect(await verifyCheckpoint(checkpoint, { logKey: grown.log.verifierKey, witnesses, now })).toMatchObject({
      ok: true,
      size: 4,
    })
    expect((await ask()).cosigned).toHaveLength(3)
    await grown.log.append(act())
    expect((await ask()).cosigned).toHaveLength(3)
  })

  it('sign a publication', async () => {
    const one = await remote(log, 'w1.example')
    const { fetch } = network([one])
    const cosign = async (text: string) =>
      (await askWitnesses(text, { witnesses: [one], fetch, proveConsistency: log.proveConsistency, now })).checkpoint
    const { checkpoint: published } = await log.publish({ write: () => {}, cosign })
    expect(parseNote(published).signatures.map(({ name }) => name)).toEqual(['passport.example/log', 'w1.example'])
  })

  it('are refusals where they do not answer, beside others that do', async () => {
    const one = await remote(log, 'w1.example')
    const witnesses = [one, { ...one, url: 'https://gone.example' }, { ...one, url: 'http://w1.example' }]
    const answers = await asking([...witnesses, { ...one, url: 'https://127.0.0.1' }], network([one]).fetch)
    expect(answers.cosigned).toEqual(['w1.example'])
    expect(answers.refusals).toEqual([
      { url: 'https://gone.example', code: 'witness_unreachable', at: 'uri' },
      { url: 'http://w1.example', code: 'witness_uri_refused', at: 'uri' },
      { url: 'https://127.0.0.1', code: 'witness_uri_refused', at: 'literal address' },
    ])
  })

  it('are asked at one address, in one text, without credentials and redirects', async () => {
    const one = await remote(log, 'w1.example')
    const spy = vi.fn(network([one]).fetch)
    await asking([{ ...one, url: 'https://w1.example//' }], spy)
    const [url, init] = spy.mock.calls[0]!
    expect(url).toBe('https://w1.example/add-checkpoint')
    expect(init).toMatchObject({
      method: 'POST',
      redirect: 'error',
      credentials: 'omit',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `old 0\n\n${checkpoint}`,
    })
  })

  it('may have cosigned before: a later signature takes the place of an earlier one', async () => {
    const one = await remote(log, 'w1.example')
    const cosigned = await one.w.trustFirst(checkpoint)
    const { checkpoint: again } = await asking([one], network([one]).fetch)
    const twice = withCosignatures(again, [cosigned.cosignature])
    expect(parseNote(twice).signatures).toHaveLength(2)
  })
})

describe('an answer of a witness', async () => {
  const one = await remote(log, 'w1.example')
  const signer = await generateSigner('EdDSA')
  const { text } = parseNote(checkpoint)

  /** The line of a cosignature by any key, over any text, at any time. */
  async function line(key = signer, { name = 'w1.example', over = text, time = 1_790_000_000 } = {}) {
    const publicKey = fromBase64url(key.publicJwk.x)
    const signature = await cosignText(over, time, { name, publicKey, sign: async bytes => key.sign(bytes) })
    return printNote({ text: over, signatures: [signature] }).slice(over.length + 1)
  }
  const keyed = await witness({ name: 'w1.example', signer, logKey: log.verifierKey, memory: witnessMemory(), now })
  const mine = { url: one.url, key: keyed.verifierKey }
  const stranger = await generateSigner('EdDSA')
  const good = await line()

  const answer = async (handler: RequestHandler) => asking([mine], network([{ url: one.url, handler }]).fetch)

  it('is taken for its own signatures, whatever stands beside them', async () => {
    const { cosigned, checkpoint: signed } = await answer(answering(200, (await line(stranger)) + good))
    expect(cosigned).toEqual(['w1.example'])
    expect(signed).toBe(checkpoint + good)
  })

  const bad = good.replace(/.{9}\n$/, same => (same.startsWith('A') ? 'B' : 'A') + same.slice(1))

  it.each<[string, RequestHandler, object]>([
    ['a stranger', answering(200, await line(stranger)), { code: 'checkpoint_witnesses_missing' }],
    ['nobody', answering(200, ''), { code: 'witness_response_invalid', at: 'signature line' }],
    [
      'another name',
      answering(200, await line(signer, { name: 'w2.example' })),
      { code: 'checkpoint_witnesses_missing' },
    ],
    ['a signature that is spoiled', answering(200, bad), { code: 'checkpoint_cosignature_invalid' }],
    [
      'a signature of another text',
      answering(200, await line(signer, { over: text.replace('\n5\n', '\n6\n') })),
      { code: 'checkpoint_cosignature_invalid' },
    ],
    [
      'a time to come',
      answering(200, await line(signer, { time: now().getTime() / 1000 + 61 })),
      { code: 'checkpoint_witnesses_missing' },
    ],
    ['no time', answering(200, await line(signer, { time: 0 })), { code: 'checkpoint_witnesses_missing' }],
    ['a page', answering(200, '<html>', 'text/html'), { code: 'witness_response_invalid', at: 'signature line' }],
    ['more text', answering(200, `more\n\n${good}`), { code: 'witness_response_invalid', at: 'signature line' }],
    ['half a line', answering(200, good.slice(0, -1)), { code: 'witness_response_invalid', at: 'signature line' }],
    ['no text', answering(200, Uint8Array.of(255)), { code: 'witness_response_invalid', at: 'encoding' }],
    ['too much', answering(200, good.repeat(700)), { code: 'witness_response_invalid', at: 'length' }],
    ['a refusal', answering(403, ''), { code: 'witness_refused', at: 'status', actual: 403 }],
    ['that it knows no such log', answering(404, ''), { code: 'witness_refused', at: 'status', actual: 404 }],
    ['that the proof does not hold', answering(422, ''), { code: 'witness_refused', at: 'status', actual: 422 }],
    ['nothing, but well', answering(202, ''), { code: 'witness_refused', at: 'status', actual: 202 }],
    [
      'a size as another type',
      answering(409, '3\n', 'text/plain'),
      { code: 'witness_response_invalid', at: 'content-type' },
    ],
    ['a size that is none', size('3'), { code: 'witness_response_invalid', at: 'size' }],
    ['the size that it was asked with', size('0\n'), { code: 'witness_response_invalid', at: 'size' }],
    ['a larger size', size('6\n'), { code: 'witness_size_mismatch', expected: 6, actual: 5 }],
    ['another log of this size', size('5\n'), { code: 'log_forked', at: 'root' }],
  ])('is a refusal when it is %s', async (_, handler, refusal) => {
    const { cosigned, refusals, checkpoint: same } = await answer(handler)
    expect([cosigned, same]).toEqual([[], checkpoint])
    expect(refusals).toMatchObject([{ url: one.url, ...refusal }])
  })

  it('is a refusal when its size moves on and on', async () => {
    let known = 0
    const handler = vi.fn<RequestHandler>(async () => size(`${(known++ % 4) + 1}\n`)(new Request('https://w.example')))
    expect((await answer(handler)).refusals).toMatchObject([{ code: 'witness_response_invalid', at: 'size' }])
    expect(handler).toHaveBeenCalledTimes(4)
  })
})

describe('asking witnesses', async () => {
  const one = await remote(log, 'w1.example')
  const { fetch } = network([one])

  it('ends with the reason of its signal, and with the time that one may take', async () => {
    const never: Fetch = () => new Promise(() => {})
    const reason = new Error('enough')
    await expect(asking([one], fetch, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const asked = asking([one], never, { signal: controller.signal })
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
    const late = await asking([one], never, { timeout: 0.01 })
    expect(late.refusals).toMatchObject([{ code: 'witness_unreachable', at: 'timeout' }])
  })

  it('throws what keeps the log from proving', async () => {
    const other = await remote(log, 'w2.example')
    await other.w.trustFirst(await (await worldOfSame(3)).log.checkpoint())
    const failure = new Error('no proof')
    const options = { proveConsistency: () => Promise.reject(failure) }
    await expect(asking([other], network([other]).fetch, options)).rejects.toBe(failure)
  })

  /** A log with the key of this one, and other entries. */
  async function worldOfSame(entries: number) {
    const twin = await world({ signer: made.signer })
    for (let more = 0; more < entries; more++) await twin.log.append(act())
    return twin
  }

  it('is refused by a witness that saw another history', async () => {
    const other = await remote(log, 'w2.example')
    await other.w.trustFirst(await (await worldOfSame(3)).log.checkpoint())
    const { refusals } = await asking([other], network([other]).fetch)
    expect(refusals).toEqual([{ url: other.url, code: 'witness_refused', at: 'status', actual: 422 }])
    const same = await remote(log, 'w3.example')
    await same.w.trustFirst(await (await worldOfSame(5)).log.checkpoint())
    expect((await asking([same], network([same]).fetch)).refusals).toMatchObject([{ code: 'log_forked' }])
  })

  it.each([
    ['no checkpoint', 'x', 'checkpoint_malformed'],
    ['an unsigned one', `${checkpoint.slice(0, checkpoint.indexOf('\n\n'))}\n\n`, 'checkpoint_signature_missing'],
  ])('takes a checkpoint, and not %s', async (_, text, code) => {
    const options = { witnesses: [one], fetch, proveConsistency: log.proveConsistency }
    await expect(askWitnesses(text, options)).rejects.toMatchObject(failing(code))
  })

  it.each<[string, object]>([
    ['witnesses', { witnesses: [] }],
    ['witnesses', { witnesses: undefined }],
    ['witnesses.url', { witnesses: [{ key: one.key }] }],
    ['witnesses.url', { witnesses: [null] }],
    ['witnesses.key', { witnesses: [{ url: one.url, key: log.verifierKey }] }],
    ['witnesses.key', { witnesses: [{ url: one.url }] }],
    ['fetch', { fetch: undefined }],
    ['proveConsistency', { proveConsistency: 'log' }],
  ])('is not done with a wrong `%s`', async (argument, more) => {
    await expect(asking([one], fetch, more as never)).rejects.toThrow(TypeError)
    await expect(asking([one], fetch, more as never)).rejects.toThrow(`\`${argument}\``)
  })

  it('takes a text, options and a time', async () => {
    await expect(askWitnesses(7 as never, {} as never)).rejects.toThrow('`checkpoint`')
    await expect(askWitnesses(checkpoint, undefined as never)).rejects.toThrow('`options`')
    for (const timeout of [0, -1, 301, Number.NaN])
      await expect(asking([one], fetch, { timeout })).rejects.toThrow(RangeError)
  })
})
