/** A log behind a real server of Node, read by those who read any log: a reader, a monitor, proofs from tiles. */
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logReader } from '../../src/audit/log-reader.js'
import { monitorLog } from '../../src/audit/monitor.js'
import { verifyInclusion } from '../../src/audit/proof.js'
import { proveConsistencyFromTiles, proveInclusionFromTiles } from '../../src/audit/tile-proofs.js'
import { fromUtf8 } from '../../src/core/bytes.js'
import { auditLogHandler } from '../../src/http/audit-log.js'
import { act, failing, type World, world } from '../audit/world.js'
import { type NodeServer, serve } from './node-server.js'

const baseUri = 'https://log.example/passports'

describe('a log behind a server', () => {
  let made: World
  let server: NodeServer

  const grow = async (entries: number): Promise<void> => {
    await Promise.all(Array.from({ length: entries }, () => made.log.append(act('citizen'))))
  }
  const read = (path: string) => logReader(baseUri, { fetch: server.fetch })(path)
  const fresh = async () => fromUtf8((await read('checkpoint'))!)

  beforeAll(async () => {
    made = await world()
    await grow(300)
    server = await serve(auditLogHandler(made.log, { baseUri }))
  })
  afterAll(() => server.close())

  it('is followed by a monitor while it grows', async () => {
    const look = (state?: Awaited<ReturnType<typeof monitorLog>>['state']) =>
      monitorLog({ read, logKey: made.log.verifierKey, state, now: () => made.clock.now })
    const first = await look()
    expect([first.findings, first.entries.length, first.remaining]).toEqual([[], 300, 0])
    await grow(250)
    const second = await look(first.state)
    expect([second.findings, second.entries.length]).toEqual([[], 250])
    expect(second.entries.at(-1)?.index).toBe(549)
  })

  it('is proven from, with nothing but its tiles', async () => {
    const checkpoint = await fresh()
    const logKey = made.log.verifierKey
    server.asked.length = 0
    const proof = await proveInclusionFromTiles(7, { checkpoint, logKey, readTile: read })
    expect(await verifyInclusion(proof, { logKey })).toMatchObject({ ok: true, index: 7 })
    expect(await proveConsistencyFromTiles(299, { checkpoint, logKey, readTile: read })).toEqual(
      await made.log.proveConsistency(299),
    )
    expect(server.asked.every(path => path.startsWith('/passports/tile/'))).toBe(true)
  })

  it('has nothing where nothing stands', async () => {
    expect(await read('tile/0/777')).toBeUndefined()
    await expect(read('checkpoint?now')).rejects.toMatchObject(failing('log_response_invalid', { actual: 400 }))
  })

  it('may be served on by a mirror, which reads it', async () => {
    const mirror = await serve(auditLogHandler(logReader(baseUri, { fetch: server.fetch }), { baseUri }))
    const logKey = made.log.verifierKey
    const proof = await (await fetch(`${mirror.origin}/passports/proof/inclusion/99`)).json()
    expect(await verifyInclusion(proof, { logKey })).toMatchObject({ ok: true, index: 99 })
    const mirrored = logReader(baseUri, { fetch: mirror.fetch })
    expect(await mirrored('tile/entries/000')).toEqual(await read('tile/entries/000'))
    await mirror.close()
  })

  it('goes compressed over the wire to those who ask', async () => {
    const packed = await server.fetch(`${baseUri}/tile/entries/000`, { headers: { 'accept-encoding': 'identity' } })
    const plain = new Uint8Array(await packed.arrayBuffer())
    const raw = auditLogHandler(made.log, { baseUri })
    const request = new Request(`${baseUri}/tile/entries/000`, { headers: { 'accept-encoding': 'gzip' } })
    const body = new Uint8Array(await (await raw(request)).arrayBuffer())
    expect(body.length).toBeLessThan(plain.length / 1.4)
    expect(new Uint8Array(gunzipSync(body))).toEqual(plain)
  })
})
