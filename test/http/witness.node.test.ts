/** A witness behind a real server of Node, with its memory in SQLite: asked by a log, and started again in between. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askWitnesses } from '../../src/audit/ask-witnesses.js'
import { verifyCheckpoint } from '../../src/audit/policy.js'
import { witness } from '../../src/audit/witness.js'
import { witnessMemoryIn } from '../../src/audit/witness-store.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { witnessHandler } from '../../src/http/witness.js'
import { migrations, schemaVersion } from '../../src/store/sql/schema.js'
import { sqlStore } from '../../src/store/sql/store.js'
import { act, type World, world, worldOf } from '../audit/world.js'
import { kinds } from '../store/sql/databases.js'
import { type NodeServer, serve } from './node-server.js'

const baseUri = 'https://witness.example/w1'

describe('a witness behind a server', () => {
  let made: World
  let signer: Signer
  let server: NodeServer | undefined

  beforeAll(async () => {
    made = await worldOf(3)
    signer = await generateSigner('EdDSA')
  })
  afterAll(() => server?.close())

  it('cosigns a log as it grows, also after it was started again, and no other history', async () => {
    const { database, again } = await kinds[0]!.open({ expected: schemaVersion })
    await database.migrate(migrations)
    const { log, clock } = made
    const now = () => clock.now
    const start = async (firstCheckpoint: 'trusted' | 'refused') => {
      await server?.close()
      const memory = witnessMemoryIn(sqlStore(again()))
      const w = await witness({ name: 'witness.example/w1', signer, logKey: log.verifierKey, memory, now })
      server = await serve(witnessHandler(w, { baseUri, firstCheckpoint }))
      return { url: baseUri, key: w.verifierKey }
    }
    const ask = async (of: World['log'], one: Awaited<ReturnType<typeof start>>) =>
      askWitnesses(await of.checkpoint(), {
        witnesses: [one],
        proveConsistency: of.proveConsistency,
        fetch: server!.fetch,
        now,
      })

    expect((await ask(log, await start('refused'))).refusals).toMatchObject([{ code: 'witness_refused', actual: 404 }])
    expect((await ask(log, await start('trusted'))).cosigned).toEqual(['witness.example/w1'])
    await log.append(act())
    const restarted = await start('refused')
    const { checkpoint, cosigned } = await ask(log, restarted)
    expect(cosigned).toEqual(['witness.example/w1'])
    expect(server!.asked).toEqual(['/w1/add-checkpoint', '/w1/add-checkpoint'])
    const witnesses = { keys: restarted.key, threshold: 1 }
    expect(await verifyCheckpoint(checkpoint, { logKey: log.verifierKey, witnesses, now })).toMatchObject({ ok: true })

    const twin = await world({ signer: made.signer })
    for (let more = 0; more < 9; more++) await twin.log.append(act())
    expect((await ask(twin.log, restarted)).refusals).toMatchObject([{ code: 'witness_refused', actual: 422 }])
  })
})
