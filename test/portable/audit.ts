/** The log and what outsiders check of it, with nothing but its key. */
import {
  type AuditEntry,
  decodeCheckpoint,
  exportEntries,
  generateSigner,
  logIssuance,
  logReader,
  membersNaming,
  memoryStore,
  monitorLog,
  openAuditLog,
  proveConsistencyFromTiles,
  proveInclusionFromTiles,
  renderHistory,
  russian,
  trustAnchors,
  verifyChain,
  verifyCheckpoint,
  verifyConsistency,
  verifyExport,
  verifyHistory,
  verifyInclusion,
  verifyPresentation,
  withCosignatures,
  witness,
  witnessMemory,
} from 'vidimus'
import examples from '../vectors/tlog/c2sp-examples.json' with { type: 'json' }
import { accepted, casesOf, holds, refused, same, throws } from './case.js'
import { resigned } from './jws.js'
import { cast, formats, issue, makeOffice, now, once, origin, present } from './world.js'

const act = { kind: 'issue', actor: 'system', reason: 'first_issue' } as const

/** A log of nine entries about three people, the checkpoint that was kept after four of them, and its files. */
const journal = once(async () => {
  const { log } = await makeOffice(await cast())
  for (let index = 0; index < 4; index++) await log.append({ ...act, subject: `citizen ${index % 3}` })
  const kept = await log.checkpoint()
  for (let index = 4; index < 9; index++) await log.append({ ...act, subject: `citizen ${index % 3}` })
  const fresh = await log.checkpoint()
  const files = new Map<string, string | Uint8Array>()
  await log.publish({ write: ({ path, body }) => void files.set(path, body) })
  const entries: AuditEntry[] = []
  for await (const entry of log.entries()) entries.push(entry)
  return { log, logKey: log.verifierKey, kept, fresh, files, entries }
})

const asText = (value: unknown) => JSON.parse(JSON.stringify(value))

export const auditCases = [
  ...casesOf('a log', {
    'proves that an entry is in it': async () => {
      const { log, logKey, fresh } = await journal()
      for (const index of [0, 3, 8]) {
        const proof = asText(await log.proveInclusion(index, { checkpoint: fresh }))
        same(accepted(await verifyInclusion(proof, { logKey, checkpoint: fresh })).index, index)
        refused(
          await verifyInclusion({ ...proof, hashes: proof.hashes.slice(1) }, { logKey }),
          'audit_inclusion_invalid',
        )
        const other = { ...proof, entry: { ...proof.entry, reason: 'lost' } }
        refused(await verifyInclusion(other, { logKey }), 'audit_inclusion_invalid')
      }
    },

    'proves that it only grew': async () => {
      const { log, logKey, kept, fresh } = await journal()
      const proof = asText(await log.proveConsistency(decodeCheckpoint(kept).size))
      const grown = accepted(await verifyConsistency(proof, { from: kept, to: fresh, logKey }))
      same([grown.fromSize, grown.toSize], [4, 9])
      refused(await verifyConsistency(proof, { from: fresh, to: kept, logKey }), 'audit_consistency_invalid')
      const hashes = proof.hashes.map((hash: string, at: number) =>
        at === 0 ? (hash[0] === 'A' ? 'B' : 'A') + hash.slice(1) : hash,
      )
      refused(
        await verifyConsistency({ ...proof, hashes }, { from: kept, to: fresh, logKey }),
        'audit_consistency_invalid',
      )
    },

    'signs checkpoints that no other key can sign': async () => {
      const { logKey, fresh } = await journal()
      same(accepted(await verifyCheckpoint(fresh, { logKey })).size, 9)
      const { logKey: other } = await elsewhere()
      refused(await verifyCheckpoint(fresh, { logKey: other }), 'checkpoint_origin_mismatch')
      const imposter = await openAuditLog({
        store: memoryStore(),
        origin,
        signer: await generateSigner('Ed25519'),
        now,
      })
      refused(await verifyCheckpoint(fresh, { logKey: imposter.verifierKey }), 'checkpoint_signature_missing')
      refused(await verifyCheckpoint(fresh.replace('\n9\n', '\n8\n'), { logKey }), 'checkpoint_signature_invalid')
      refused(await verifyCheckpoint(`${fresh}\n`, { logKey }), 'checkpoint_signature_missing')
    },

    'shows in its chain that an entry was edited or left out': async () => {
      const { logKey, fresh, entries } = await journal()
      accepted(await verifyChain(asText(entries), { head: fresh, logKey }))
      const edited = entries.map(entry => (entry.index === 5 ? { ...entry, reason: 'lost' } : entry))
      refused(await verifyChain(edited, { head: fresh, logKey }), 'audit_chain_broken')
      refused(await verifyChain(entries.toSpliced(5, 1), { head: fresh, logKey }), 'audit_chain_broken')
    },

    'tells a person what was done, and nobody else who it was': async () => {
      const { log, logKey } = await journal()
      const letter = asText(await log.history('citizen 1'))
      const history = accepted(await verifyHistory(letter, { logKey }))
      same(
        history.entries.map(({ index }) => index),
        [1, 4, 7],
      )
      holds('it reads in Russian', /[а-я]/.test(renderHistory(history, russian)))
      const opening = await log.opening('citizen 1')
      same(await membersNaming((await log.proveInclusion(1)).entry, opening), ['subject'])
      same(await membersNaming((await log.proveInclusion(2)).entry, opening), [])
      const forged = JSON.parse(JSON.stringify(letter).replace('first_issue', 'lost'))
      refused(await verifyHistory(forged, { logKey }), 'audit_inclusion_invalid')
    },

    'is proven from its published tiles alone': async () => {
      const { log, logKey, kept, fresh, files } = await journal()
      const options = {
        checkpoint: fresh,
        logKey,
        readTile: (path: string) => files.get(path) as Uint8Array | undefined,
      }
      same(await proveInclusionFromTiles(5, options), await log.proveInclusion(5, { checkpoint: fresh }))
      const proof = await proveConsistencyFromTiles(4, options)
      accepted(await verifyConsistency(proof, { from: kept, to: fresh, logKey }))
      await throws(() => proveInclusionFromTiles(5, { ...options, readTile: () => undefined }), 'audit_tile_missing')
      const tile = (files.get('tile/0/000.p/9') as Uint8Array).map((byte, at) => (at === 170 ? byte ^ 1 : byte))
      await throws(() => proveInclusionFromTiles(5, { ...options, readTile: () => tile }), 'audit_tile_invalid')
    },

    'is followed by a monitor, which sees a fork': async () => {
      const { logKey, files, kept } = await journal()
      const bytesOf = (body: string | Uint8Array) => (typeof body === 'string' ? new TextEncoder().encode(body) : body)
      const fetch = async (uri: string | URL | Request) => {
        const body = files.get(new URL(String(uri)).pathname.slice('/log/'.length))
        const headers = { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/octet-stream' }
        return body === undefined
          ? new Response(null, { status: 404 })
          : new Response(bytesOf(body) as BodyInit, { headers })
      }
      const read = logReader('https://passport.example/log', { fetch })
      const report = await monitorLog({ read, logKey, from: kept, now })
      same([report.ok, report.findings, report.entries.map(({ index }) => index)], [true, [], [4, 5, 6, 7, 8]])
      const again = await monitorLog({ read, logKey, state: asText(report.state), now })
      same([again.ok, again.entries], [true, []])
      const fork = await forked()
      const shown = await monitorLog({ read: fork.read, logKey: fork.logKey, from: fork.kept, now })
      same(
        shown.findings.map(({ code }) => code),
        ['log_forked'],
      )
    },

    'is cosigned by witnesses, and what too few have seen is refused': async () => {
      const { log, logKey, kept, fresh } = await journal()
      const signer = await generateSigner('Ed25519')
      const one = await witness({ name: 'witness.example/w1', signer, logKey, memory: witnessMemory(), now })
      await one.trustFirst(kept)
      const { cosignature } = await one.cosign(fresh, await log.proveConsistency(4, 9))
      const witnesses = { keys: one.verifierKey, threshold: 1 }
      const cosigned = withCosignatures(fresh, [cosignature])
      same(accepted(await verifyCheckpoint(cosigned, { logKey, witnesses, now })).witnesses, ['witness.example/w1'])
      refused(await verifyCheckpoint(fresh, { logKey, witnesses, now }), 'checkpoint_witnesses_missing')
      await throws(() => one.cosign(kept), 'log_rolled_back')
    },

    'hands out a range with its sums': async () => {
      const { log } = await makeOffice(await cast())
      for (let index = 0; index < 5; index++) await log.append({ ...act, subject: 'citizen' })
      const { files } = await exportEntries(log, { from: 1, to: 4 })
      const folder = new Map(files.map(({ path, body }) => [path, body]))
      const read = (path: string) => folder.get(path)
      const { from, to } = accepted(await verifyExport(read, { logKey: log.verifierKey }))
      same([from, to], [1, 4])
      folder.set('entries-0.jsonl', folder.get('entries-0.jsonl')!.slice(0, -1))
      refused(await verifyExport(read, { logKey: log.verifierKey }), 'audit_export_mismatch')
    },

    'forgets a person, and every proof still holds': async () => {
      const { log } = await makeOffice(await cast())
      await log.append({ ...act, subject: 'citizen' })
      const proof = await log.proveInclusion(0)
      await log.forget('citizen')
      await throws(() => log.history('citizen'), 'audit_subject_unknown')
      accepted(await verifyInclusion(proof, { logKey: log.verifierKey }))
    },

    'reads checkpoints as the C2SP examples have them': async () => {
      const { origin, size } = decodeCheckpoint(examples.checkpoint_example_no_key_published)
      same([origin, size], ['example.com/behind-the-sofa', 20852163])
      const note = examples.signed_note.split('\n')
      holds('the example is a note and no checkpoint', note.length > 3)
      await throws(() => decodeCheckpoint(examples.signed_note), 'checkpoint_malformed')
    },
  }),

  ...formats.flatMap(format =>
    casesOf(`a ${format} that was logged before it was signed`, {
      'is accepted offline where that is demanded, and one that never was is refused': async () => {
        const world = await cast()
        const { log } = await makeOffice(world)
        await log.append({ ...act, subject: 'somebody else' })
        const demands = {
          ...world.demands,
          trust: trustAnchors([world.anchor, { logKey: log.verifierKey, purposes: ['log'] }]),
          requireLogged: true,
        }
        const logged = logIssuance(log, { actor: 'operator', reason: 'first_issue', subject: 'citizen 7' })
        const shown = await present(world, format, await issue(world, format, { log: logged }))
        accepted(await verifyPresentation(shown, demands))
        const unlogged = await present(world, format, await issue(world, format))
        refused(await verifyPresentation(unlogged, demands), 'log_proof_missing')
        const others = trustAnchors([world.anchor, { logKey: (await elsewhere()).logKey, purposes: ['log'] }])
        refused(await verifyPresentation(shown, { ...demands, trust: others }), 'log_untrusted')
      },
    }),
  ),

  ...casesOf('a stolen key', {
    'cannot put another payload under the proof of a log': async () => {
      const world = await cast()
      const { log } = await makeOffice(world)
      const logged = logIssuance(log, { actor: 'operator', reason: 'first_issue', subject: 'citizen 7' })
      const credential = (await issue(world, 'dc+sd-jwt', { log: logged })) as string
      const shown = await present(world, 'dc+sd-jwt', credential)
      const forged = await resigned(shown as string, { payload: { exp: 4_000_000_000 } }, world.signer)
      const trust = trustAnchors([world.anchor, { logKey: log.verifierKey, purposes: ['log'] }])
      const verdict = await verifyPresentation(forged, { ...world.demands, trust, requireLogged: true })
      holds(
        'it is refused for that',
        verdict.checks.some(({ code }) => code === 'log_entry_mismatch'),
      )
      holds('it is refused', !verdict.ok)
    },
  }),
]

/** Another log. */
const elsewhere = once(async () => {
  const signer = await generateSigner('Ed25519')
  const log = await openAuditLog({ store: memoryStore(), origin: 'other.example/log', signer, now })
  return { logKey: log.verifierKey }
})

/** A log that tells two stories with one key: the checkpoint of the one, and the files of the other. */
async function forked() {
  const signer = await generateSigner('Ed25519')
  const story = async (reason: string) => {
    const log = await openAuditLog({ store: memoryStore(), origin: 'forked.example/log', signer, now })
    for (let index = 0; index < 3; index++) await log.append({ ...act, reason })
    const files = new Map<string, Uint8Array>()
    const write = ({ path, body }: { readonly path: string; readonly body: string | Uint8Array }) =>
      void files.set(path, typeof body === 'string' ? new TextEncoder().encode(body) : body)
    await log.publish({ write })
    return { kept: await log.checkpoint(), read: async (path: string) => files.get(path), logKey: log.verifierKey }
  }
  return { ...(await story('renamed')), kept: (await story('expired')).kept }
}
