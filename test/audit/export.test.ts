/** A range of the log in files: what an auditor takes along and checks without the office. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { membersNaming } from '../../src/audit/commitment.js'
import { type ExportOptions, entriesPerFile, exportEntries, verifyExport } from '../../src/audit/export.js'
import type { AuditLog } from '../../src/audit/log.js'
import { base64url, fromUtf8, utf8 } from '../../src/core/bytes.js'
import { act, origin, refusal, world, worldOf } from './world.js'

type Files = Map<string, Uint8Array>

async function exported(log: AuditLog, options?: ExportOptions): Promise<Files> {
  const { files } = await exportEntries(log, options)
  return new Map(files.map(({ path, body }) => [path, body]))
}

const { log } = await worldOf(12)
const logKey = log.verifierKey
const files = await exported(log, { from: 3, to: 9 })
const others = await exported(log, { from: 2, to: 8 })
const verdictOn = (made: Files, key = logKey) => verifyExport(path => made.get(path), { logKey: key })
const textOf = (path: string, made = files) => fromUtf8(made.get(path)!)

const sha512 = async (body: Uint8Array) =>
  Array.from(new Uint8Array(await crypto.subtle.digest('SHA-512', new Uint8Array(body))), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

describe('an export', () => {
  it('holds the entries of its range, the sums of its files and two proofs, and nothing else', async () => {
    expect([...files.keys()]).toEqual(['entries-0.jsonl', 'SHA512SUMS', 'export.json', 'proof.json'])
    const lines = textOf('entries-0.jsonl').trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).index)).toEqual([3, 4, 5, 6, 7, 8])
    expect(textOf('SHA512SUMS')).toBe(`${await sha512(files.get('entries-0.jsonl')!)}  entries-0.jsonl\n`)
    expect(JSON.parse(textOf('proof.json')).checkpoint).toBe(JSON.parse(textOf('export.json')).checkpoint)
  })

  it('is an entry of the log itself, which says the range, and the digest of the sums, and who by a commitment', async () => {
    const { log } = await worldOf(3)
    const { entry, files } = await exportEntries(log, { actor: 'auditor', actorId: 'auditor 5', purpose: 'transfer' })
    const sums = files.find(({ path }) => path === 'SHA512SUMS')!.body
    const manifestDigest = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(sums))))
    const said = { actor: 'auditor', reason: 'log_export', purpose: 'transfer', manifestDigest }
    expect(entry).toMatchObject({ index: 3, kind: 'export', rangeFrom: 0, rangeTo: 3, ...said })
    expect(await membersNaming(entry, await log.opening('auditor 5'))).toEqual(['actorId'])
    expect((await log.proveInclusion(3)).entry).toEqual(entry)
  })

  it('holds for whoever has the key of the log and nothing else', async () => {
    const verdict = await verdictOn(files)
    expect(verdict).toMatchObject({ ok: true, origin, from: 3, to: 9, entry: { kind: 'export', index: 12 } })
    expect(verdict.ok && verdict.checkpoint).toBe(JSON.parse(textOf('export.json')).checkpoint)
    expect(Object.isFrozen(verdict)).toBe(true)
  })

  it('joins the export of the range before and after it, hash to hash', async () => {
    const [first, second] = [await verdictOn(files), await verdictOn(await exported(log, { from: 9 }))]
    expect(first.ok && second.ok && second.previous === first.head).toBe(true)
  })

  it('is handed out file by file where somebody takes the files, and says how far it is', async () => {
    const written: string[] = []
    const steps: unknown[] = []
    const { files } = await exportEntries(log, {
      from: 1,
      to: 3,
      write: async ({ path }) => void written.push(path),
      onProgress: step => steps.push(step),
    })
    expect(files).toEqual([])
    expect(written).toEqual(['entries-0.jsonl', 'SHA512SUMS', 'export.json', 'proof.json'])
    expect(steps).toEqual([{ done: 2, total: 2 }])
  })

  it('of more entries than a file holds has several, each in its place', async () => {
    const { store, log } = await world()
    await store.transaction(async transaction => {
      for (let index = 0; index < entriesPerFile + 2; index++) await log.record(act(), transaction)
    })
    const made = await exported(log, { from: 1 })
    expect([...made.keys()].slice(0, 3)).toEqual(['entries-0.jsonl', 'entries-1.jsonl', 'SHA512SUMS'])
    expect(await verdictOn(made, log.verifierKey)).toMatchObject({ ok: true, from: 1, to: entriesPerFile + 2 })
    const swapped = new Map([...made, ['entries-0.jsonl', made.get('entries-1.jsonl')!]])
    expect(await verdictOn(swapped, log.verifierKey)).toMatchObject(
      refusal('audit_export_mismatch', { at: 'entries-0.jsonl' }),
    )
  }, 60_000)

  it.each<[string, ExportOptions]>([
    ['empty', { from: 3, to: 3 }],
    ['turned around', { from: 4, to: 3 }],
    ['beyond the log', { to: 1000 }],
    ['behind its start', { from: -1 }],
    ['of no number', { from: '1' as never }],
  ])('is not made of a range that is %s, and nothing is logged', async (_, range) => {
    const size = (await log.checkpoint()).split('\n')[1]
    await expect(exportEntries(log, range)).rejects.toThrow(RangeError)
    expect((await log.checkpoint()).split('\n')[1]).toBe(size)
  })

  it('stops when the signal fires, making and checking', async () => {
    const signal = AbortSignal.abort(new Error('stop'))
    await expect(exportEntries(log, { signal })).rejects.toThrow('stop')
    await expect(verifyExport(path => files.get(path), { logKey, signal })).rejects.toThrow('stop')
  })
})

describe('the files of an export', () => {
  const lines = textOf('entries-0.jsonl').trimEnd().split('\n')
  const proof = (path: string) => JSON.parse(textOf(path))
  const withText = (path: string, text: string) => new Map([...files, [path, utf8(text)]])

  /** The same harm by an operator who makes the sums and the entry about them anew. */
  async function relogged(text: string, range = { rangeFrom: 3, rangeTo: 9 }, kind = 'export'): Promise<Files> {
    const sums = utf8(`${await sha512(utf8(text))}  entries-0.jsonl\n`)
    const manifestDigest = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(sums))))
    const said = { kind: 'export', actor: 'operator', reason: 'log_export', manifestDigest, ...range }
    const { index } = await log.append(kind === 'export' ? said : act())
    const checkpoint = await log.checkpoint()
    const file = async (index: number) => utf8(JSON.stringify(await log.proveInclusion(index, { checkpoint })))
    return new Map([
      ['entries-0.jsonl', utf8(text)],
      ['SHA512SUMS', sums],
      ['export.json', await file(index)],
      ['proof.json', await file(8)],
    ])
  }
  const text = (of: readonly string[]) => `${of.join('\n')}\n`

  it.each<[string, () => Files | Promise<Files>, string, string?]>([
    [
      'an entry edited',
      () => withText('entries-0.jsonl', text(lines).replace('reason_4', 'reason_7')),
      'audit_export_mismatch',
      'entries-0.jsonl',
    ],
    [
      'the sums of another export',
      () => new Map([...files, ['SHA512SUMS', others.get('SHA512SUMS')!]]),
      'audit_export_mismatch',
      'SHA512SUMS',
    ],
    [
      'the record of another export',
      () => new Map([...files, ['export.json', others.get('export.json')!]]),
      'audit_export_mismatch',
      'proof.json',
    ],
    [
      'the proof of another entry',
      async () =>
        new Map([
          ...files,
          [
            'proof.json',
            utf8(JSON.stringify(await log.proveInclusion(7, { checkpoint: proof('export.json').checkpoint }))),
          ],
        ]),
      'audit_export_mismatch',
      'proof.json',
    ],
    [
      'a proof under another checkpoint',
      async () => withText('proof.json', JSON.stringify(await log.proveInclusion(8))),
      'audit_export_mismatch',
      'proof.json',
    ],
    [
      'a proof that does not hold',
      () => withText('proof.json', JSON.stringify({ ...proof('proof.json'), hashes: [] })),
      'audit_inclusion_invalid',
    ],
    [
      'a record that does not hold',
      () => withText('export.json', JSON.stringify({ ...proof('export.json'), hashes: [] })),
      'audit_inclusion_invalid',
    ],
    ['a record that is no JSON', () => withText('export.json', '{'), 'json_invalid'],
    [
      'a record that says a thing twice',
      () => withText('export.json', textOf('export.json').replace('{"entry"', '{"index":1,"entry"')),
      'json_duplicate_member',
    ],
    [
      'an entry that records no export',
      () => relogged(text(lines), undefined, 'issue'),
      'audit_export_malformed',
      'export.json',
    ],
    [
      'a range that ends behind its own record',
      () => relogged(text(lines), { rangeFrom: 3, rangeTo: 999 }),
      'audit_export_mismatch',
      'export.json',
    ],
    [
      'a range that ends elsewhere than its proof',
      () => relogged(text(lines), { rangeFrom: 3, rangeTo: 8 }),
      'audit_export_mismatch',
      'proof.json',
    ],
    [
      'a range that begins elsewhere',
      () => relogged(text(lines), { rangeFrom: 2, rangeTo: 9 }),
      'audit_chain_broken',
      'index',
    ],
    ['fewer entries at its end', () => relogged(text(lines.slice(0, -1))), 'audit_export_mismatch', 'entries'],
    ['fewer entries at its start', () => relogged(text(lines.slice(1))), 'audit_chain_broken', 'index'],
    ['an entry left out', () => relogged(text(lines.filter((_, at) => at !== 2))), 'audit_chain_broken', 'index'],
    [
      'two entries swapped',
      () => relogged(text([lines[1]!, lines[0]!, ...lines.slice(2)])),
      'audit_chain_broken',
      'index',
    ],
    [
      'an entry rewritten by the operator',
      () => relogged(text(lines).replace('reason_4', 'reason_7')),
      'audit_chain_broken',
      'entry 5',
    ],
    [
      'its last entry rewritten by the operator',
      () => relogged(text(lines).replace('reason_8', 'reason_7')),
      'audit_export_mismatch',
      'entries',
    ],
    ['no newline at its end', () => relogged(text(lines).trimEnd()), 'audit_export_malformed', 'entries-0.jsonl'],
    ['an entry that is none', () => relogged(text([...lines.slice(0, -1), '{}'])), 'audit_entry_malformed'],
    ['no entries', () => relogged(''), 'audit_export_mismatch', 'entries'],
  ])('are refused with %s', async (_, harmed, code, at) => {
    expect(await verdictOn(await harmed())).toMatchObject(refusal(code, at === undefined ? {} : { at }))
  })

  it.each(['a line too many', 'a line twice', 'no line', 'another form', 'a path that leads away', 'no newline'])(
    'are refused with sums that have %s, even recorded by the operator',
    async harm => {
      const line = textOf('SHA512SUMS')
      const sums = {
        'a line too many': line + line.replace('entries-0', 'entries-1'),
        'a line twice': line + line,
        'no line': '',
        'another form': line.replace('  ', ' *'),
        'a path that leads away': line.replace('entries-0.jsonl', '../entries-0.jsonl'),
        'no newline': line.trimEnd(),
      }[harm]!
      const manifestDigest = base64url(
        new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(utf8(sums)))),
      )
      const said = { kind: 'export', actor: 'operator', reason: 'log_export', manifestDigest, rangeFrom: 3, rangeTo: 9 }
      const { index } = await log.append(said)
      const checkpoint = await log.checkpoint()
      const made = new Map([
        ...files,
        ['SHA512SUMS', utf8(sums)] as const,
        ['export.json', utf8(JSON.stringify(await log.proveInclusion(index, { checkpoint })))] as const,
        ['proof.json', utf8(JSON.stringify(await log.proveInclusion(8, { checkpoint })))] as const,
      ])
      expect(await verdictOn(made)).toMatchObject({
        ok: false,
        code: expect.stringMatching(/^audit_export_/),
        at: 'SHA512SUMS',
      })
    },
  )

  it('are refused if one is missing, is no file, or is larger than any of ours', async () => {
    for (const path of files.keys()) {
      for (const value of [undefined, null, 'text', {}, [1]])
        expect(await verifyExport(asked => (asked === path ? value : files.get(asked)), { logKey })).toMatchObject(
          refusal('audit_export_malformed', { at: path }),
        )
      const huge = new Uint8Array(64 * 1024 * 1024 + 1)
      expect(await verdictOn(new Map([...files, [path, huge]]))).toMatchObject(refusal('limit_exceeded', { at: path }))
    }
  })

  it('of another log are refused', async () => {
    const elsewhere = await worldOf(1)
    expect(await verdictOn(files, elsewhere.log.verifierKey)).toMatchObject(refusal('checkpoint_signature_missing'))
  })

  it('are refused after any byte of any of them has changed', async () => {
    const paths = [...files.keys()]
    const accepted: string[] = []
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (path, at, mask) => {
          const harmed = files.get(path)!.slice()
          harmed[at % harmed.length]! ^= mask
          if ((await verdictOn(new Map([...files, [path, harmed]]))).ok) accepted.push(path)
        },
      ),
      { seed: 20261122, numRuns: 400 },
    )
    expect(accepted).toEqual([])
  })

  it('are not looked at without a key and a way to read them; what reading throws is thrown', async () => {
    await expect(verifyExport(undefined as never, { logKey })).rejects.toThrow(TypeError)
    await expect(verifyExport(() => undefined, {} as never)).rejects.toThrow(TypeError)
    const failing = async () => {
      throw new Error('no disk')
    }
    await expect(verifyExport(failing, { logKey })).rejects.toThrow('no disk')
  })
})
