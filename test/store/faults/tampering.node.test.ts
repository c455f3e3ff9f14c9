/**
 * The tables of a log changed by somebody who has the database: what disagrees with the stored checkpoint does not open and
 * is left as it is; what agrees, for the log's key was at hand or an older copy was, is told by a checkpoint kept outside.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLog } from '../../../src/audit/check-log.js'
import { beginning, endAfter, parseEntry, placeEntry, storedHash } from '../../../src/audit/entry.js'
import { openAuditLog } from '../../../src/audit/log.js'
import { LogSigner } from '../../../src/audit/log-signer.js'
import { generateSigner } from '../../../src/core/keys.js'
import { MerkleTree } from '../../../src/formats/tlog/merkle.js'
import { bundled, ended, start } from './child.js'
import { type Place, placeKinds, program } from './places.js'

const origin = 'passport.example/log'
const size = 24
const tables = ['vidimus_log_head', 'vidimus_log_entry', 'vidimus_log_act', 'vidimus_log_about'] as const

/** A log over real tables, all its former states, and what somebody keeps outside. */
async function grown(place: Place) {
  const store = place.store()
  const signer = await generateSigner('Ed25519')
  const open = () => openAuditLog({ store, origin, signer })
  const log = await open()
  const texts: string[] = []
  for (let index = 0; index < size; index++) {
    await log.append({ kind: 'issue', actor: 'system', reason: `reason_${index}`, subject: `citizen ${index % 3}` })
    for (const table of tables) await place.sql(`create table kept_${index + 1}_${table} as select * from ${table}`)
  }
  for (const { entry } of await place.sql('select entry from vidimus_log_entry order by place')) texts.push(`${entry}`)
  const sign = async (ofTexts: readonly string[]) =>
    (await LogSigner.open(origin, signer, [])).sign(ofTexts.length, treeOf(ofTexts).root())
  return { open, texts, sign, logKey: log.verifierKey, outside: await log.checkpoint() }
}

type Grown = Awaited<ReturnType<typeof grown>>

function treeOf(texts: readonly string[]): MerkleTree {
  const tree = new MerkleTree()
  for (const text of texts) tree.append(storedHash(text))
  return tree
}

/** As an older copy of the database: its state at a size. */
const restored = (at: number): string => tables.map(table => `delete from ${table}; ${inserted(table, at)}`).join('; ')

/** Numbers that the database gives of its own accord are not put back. */
const inserted = (table: (typeof tables)[number], at: number): string =>
  table === 'vidimus_log_act'
    ? `insert into ${table} (act, entry, subject) select act, entry, subject from kept_${at}_${table}`
    : `insert into ${table} select * from kept_${at}_${table}`

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const reword = (place: number, text: string): string =>
  `update vidimus_log_entry set entry = ${quoted(text)} where place = ${place}`

const insert = (place: number, text: string, act = `forged ${place}`): string =>
  `insert into vidimus_log_entry (place, act, entry) values (${place}, ${quoted(act)}, ${quoted(text)})`

/** Makes room at a place. */
const shift = (from: number): string =>
  `update vidimus_log_entry set place = place + 1000 where place >= ${from};
   update vidimus_log_entry set place = place - 999 where place >= 1000`

const setHead = (members: string): string => `update vidimus_log_head set ${members}`

/** An entry that follows the first `at` texts as it should. */
function following(texts: readonly string[], at: number, reason = 'forged'): string {
  const last = texts[at - 1]
  const end = last === undefined ? beginning() : endAfter(parseEntry(last), storedHash(last))
  const act = { version: 1, time: '2030-01-01T00:00:00Z', kind: 'issue', actor: 'system', reason }
  return placeEntry(JSON.stringify(act), end).text
}

/** The texts from a place on written anew, each following the one before: `more` says how many. */
function rewritten(texts: readonly string[], at: number, more: number): readonly string[] {
  const list = texts.slice(0, at)
  for (let count = 0; count <= more; count++) list.push(following(list, list.length, `forged_${count}`))
  return list
}

const replaceAll = (texts: readonly string[], from: number): string =>
  [`delete from vidimus_log_entry where place >= ${from}`]
    .concat(texts.slice(from).map((text, at) => insert(from + at, text)))
    .join('; ')

/** One bit of a text flipped, to another character that a database takes; a zero character none does. */
function flipped(text: string, bit: number): string {
  const at = Math.floor(bit / 7) % text.length
  const code = text.charCodeAt(at) ^ (1 << (bit % 7))
  return text.slice(0, at) + String.fromCharCode(code === 0 ? text.charCodeAt(at) ^ 1 : code) + text.slice(at + 1)
}

interface Harm {
  /** What is done; `at` is a place and `more` any number. */
  sql(log: Grown, at: number, more: number): string | Promise<string>
  /** What `checkLog` may call it. */
  readonly told: readonly string[]
  /** Whether the log opens: the store agrees with the checkpoint that is stored in it. */
  readonly opens?: true
}

const harms: Readonly<Record<string, Harm>> = {
  'an entry edited': {
    sql: ({ texts }, at) => reword(at, texts[at]!.replace('"reason_', '"cause_')),
    told: ['edit', 'fork'],
  },
  'an entry emptied': { sql: (_, at) => reword(at, ''), told: ['edit'] },
  'an entry about somebody else': {
    sql: ({ texts }, at) => reword(at, texts[at]!.replace(/"subject":"."?/, '"subject":"_')),
    told: ['edit', 'fork'],
  },
  'two entries swapped': {
    sql({ texts }, at, more) {
      const other = (at + 1 + (more % (size - 1))) % size
      return `${reword(at, texts[other]!)}; ${reword(other, texts[at]!)}`
    },
    told: ['order'],
  },
  'two rows swapped': {
    sql(_, at, more) {
      const other = (at + 1 + (more % (size - 1))) % size
      const move = (from: number, to: number) => `update vidimus_log_entry set place = ${to} where place = ${from}`
      return [move(at, 1000), move(other, at), move(1000, other)].join('; ')
    },
    told: ['order'],
  },
  'the last entries deleted': {
    sql: (_, at) => `delete from vidimus_log_entry where place >= ${at}`,
    told: ['truncation'],
  },
  'an entry in the middle deleted': {
    sql: (_, at) => `delete from vidimus_log_entry where place = ${at % (size - 1)}`,
    told: ['gap'],
  },
  'an entry in the middle deleted, and the others moved up': {
    sql: (_, at) =>
      `delete from vidimus_log_entry where place = ${at % (size - 1)};
       update vidimus_log_entry set place = place + 1000 where place > ${at % (size - 1)};
       update vidimus_log_entry set place = place - 1001 where place > 1000`,
    told: ['gap'],
  },
  'an entry inserted': {
    sql: ({ texts }, at) => `${shift(at)}; ${insert(at, following(texts, at))}`,
    told: ['duplicate', 'fork'],
  },
  'an entry twice': {
    sql: ({ texts }, at) => `${shift(at + 1)}; ${insert(at + 1, texts[at]!)}`,
    told: ['duplicate', 'surplus'],
  },
  'an entry in place of another': {
    sql: ({ texts }, at, more) => reword(at, texts[(at + 1 + (more % (size - 1))) % size]!),
    told: ['duplicate', 'gap'],
  },
  'an entry behind the end': {
    sql: ({ texts }) => insert(size, following(texts, size)),
    told: ['surplus'],
  },
  'one stored bit of an entry flipped': {
    sql: ({ texts }, at, more) => reword(at, flipped(texts[at]!, more)),
    told: ['edit', 'fork', 'gap', 'duplicate', 'order'],
  },
  'one stored bit of a place flipped': {
    sql: (_, at, more) =>
      `update vidimus_log_entry set place = ${(at % (size - 1)) + 2 ** (5 + (more % 40))} where place = ${at % (size - 1)}`,
    told: ['order'],
  },
  'the end written anew': {
    sql: ({ texts }, at, more) => replaceAll(rewritten(texts, at, more % 30), at),
    told: ['fork', 'truncation', 'surplus'],
  },
  'the end written anew, with the size that it has': {
    sql({ texts }, at, more) {
      const list = rewritten(texts, at, more % 30)
      return `${replaceAll(list, at)}; ${setHead(`size = ${list.length}`)}`
    },
    told: ['fork', 'truncation', 'surplus'],
  },
  'the end written anew and signed with another key': {
    async sql({ texts }, at, more) {
      const list = rewritten(texts, at, more % 30)
      const stranger = await LogSigner.open(origin, await generateSigner('Ed25519'), [])
      const checkpoint = await stranger.sign(list.length, treeOf(list).root())
      return `${replaceAll(list, at)}; ${setHead(`size = ${list.length}, checkpoint = ${quoted(checkpoint)}`)}`
    },
    told: ['checkpoint'],
  },
  'the end written anew and signed with the key of the log': {
    async sql({ texts, sign }, at, more) {
      const list = rewritten(texts, at, more % 30)
      return `${replaceAll(list, at)}; ${setHead(`size = ${list.length}, checkpoint = ${quoted(await sign(list))}`)}`
    },
    told: ['fork', 'rollback'],
    opens: true,
  },
  'the last entries deleted, and what is left signed with the key of the log': {
    async sql({ texts, sign }, at) {
      const list = texts.slice(0, at + 1 - (at === size - 1 ? 1 : 0))
      const head = `size = ${list.length}, checkpoint = ${quoted(await sign(list))}`
      return `delete from vidimus_log_entry where place >= ${list.length}; ${setHead(head)}`
    },
    told: ['rollback'],
    opens: true,
  },
  'an older copy of the database put back': {
    sql: (_, at) => restored(1 + (at % (size - 1))),
    told: ['rollback'],
    opens: true,
  },
  'everything deleted': {
    sql: () => `delete from vidimus_log_entry; ${setHead('size = 0, checkpoint = null')}`,
    told: ['checkpoint', 'rollback'],
    opens: true,
  },
  'the head put back to an older one': {
    sql: (_, at) =>
      `delete from vidimus_log_head;
       insert into vidimus_log_head select * from kept_${1 + (at % (size - 1))}_vidimus_log_head`,
    told: ['rollback'],
  },
  'the head set to another size': { sql: (_, at) => setHead(`size = ${at}`), told: ['none'] },
  'the head set to a size that no number holds': { sql: () => setHead('size = 9007199254740993'), told: ['none'] },
  'the checkpoint deleted': { sql: () => setHead('checkpoint = null'), told: ['checkpoint'] },
  'the head deleted': { sql: () => 'delete from vidimus_log_head', told: ['checkpoint'] },
  'one stored bit of the checkpoint flipped': {
    sql: ({ outside }, _, more) => setHead(`checkpoint = ${quoted(flipped(outside, more))}`),
    told: ['checkpoint'],
  },
}

async function dump(place: Place): Promise<string> {
  const all = await Promise.all(tables.map(table => place.sql(`select * from ${table} order by 1`)))
  return JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
}

/** What an auditor reads out of the tables, without this library: one entry after the other. */
async function shown(place: Place) {
  const [head] = await place.sql('select checkpoint from vidimus_log_head')
  const rows = await place.sql('select entry from vidimus_log_entry order by place')
  async function* entries() {
    for (const { entry } of rows) yield parsed(`${entry}`)
  }
  return { checkpoint: head?.['checkpoint'], entries: entries() }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const tampering = fc.record({
  harm: fc.constantFrom(...Object.keys(harms)),
  at: fc.nat(size - 1),
  more: fc.nat(100_000),
})

for (const kind of placeKinds)
  describe.skipIf(kind.missing !== undefined)(`the tables of a log (${kind.missing ?? kind.name})`, () => {
    it('show each of 500 random tamperings: they do not open, or are told by the checkpoint outside', async () => {
      const place = await kind.make()
      const log = await grown(place)
      const { logKey, outside: kept } = log
      const met = new Set<string>()
      await fc.assert(
        fc.asyncProperty(tampering, async ({ harm, at, more }) => {
          const { sql, told, opens } = harms[harm]!
          met.add(harm)
          await place.sql(restored(size))
          await place.sql(await sql(log, at, more))
          const before = await dump(place)
          const verdict = await checkLog(await shown(place), { kept, logKey })
          expect(told).toContain(verdict.ok ? 'none' : verdict.tampering)
          if (opens === undefined) {
            await expect(log.open()).rejects.toMatchObject({ name: 'VidimusError', code: 'log_corrupt' })
            expect(await dump(place)).toBe(before)
            return
          }
          const opened = await log.open()
          const [checkpoint, entries] = [await opened.checkpoint(), opened.entries()]
          const again = await checkLog({ checkpoint, entries }, { kept, logKey })
          expect(again).toMatchObject({ ok: false, code: 'log_corrupt' })
          await expect(opened.proveInclusion(0, { checkpoint: kept })).rejects.toMatchObject({
            code: 'audit_consistency_invalid',
          })
          expect(await dump(place)).toBe(before)
        }),
        { seed: 20261122, numRuns: 500 },
      )
      expect([...met].sort()).toEqual(Object.keys(harms).sort())
      await place.sql(restored(size))
      expect(await checkLog(await shown(place), { kept, logKey })).toEqual({ ok: true, size })
      expect(await (await log.open()).checkpoint()).toBe(kept)
    }, 300_000)
  })

describe('a bit of a stored text that makes it no text (SQLite)', () => {
  const damaged = `update vidimus_log_entry set entry = cast(x'FF' || substr(cast(entry as blob), 2) as text) where place = 3`

  it('does not open: the driver ends the process, or the log is corrupt; the tables stay as they are', async () => {
    const place = await placeKinds[0]!.make()
    const { logKey } = await grown(place)
    await place.sql(damaged)
    const bytes = () => place.sql('select place, act, hex(entry) as entry from vidimus_log_entry order by place')
    const before = await bytes()
    const path = await bundled(`${program}
      import { openAuditLog } from '../../../src/audit/log.ts'
      import { generateSigner } from '../../../src/core/keys.ts'
      const signer = await generateSigner('Ed25519')
      await openAuditLog({ store: storeAt(process.argv[2]), origin: '${origin}', signer, formerKeys: process.argv[3] })
        .then(() => console.log('opened'), error => console.log(error.code))
    `)
    const { code, signal, lines } = await ended(start(path, [place.address, logKey]))
    if (code === 0 && signal === null) expect(lines).toEqual(['log_corrupt'])
    else expect(lines).toEqual([])
    expect(await bytes()).toEqual(before)
  })
})
