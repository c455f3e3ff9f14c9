/** The kinds of acts: what each must say, what it may say, and kinds of one's own. */
import { describe, expect, it } from 'vitest'
import page from '../../docs/audit.md?raw'
import type { AuditAct } from '../../src/audit/act.js'
import { type ActKind, type ActKindName, type ActKinds, actKinds } from '../../src/audit/kinds.js'
import { failing, world } from './world.js'

const digest = 'A'.repeat(43)
const base = { actor: 'operator', reason: 'unspecified' }
const about = { ...base, subject: 'citizen' }

/** Of every kind an act that says what it must and no more. */
const least: Readonly<Record<ActKindName, AuditAct>> = {
  apply: { kind: 'apply', ...about },
  confirm: { kind: 'confirm', ...about },
  issue: { kind: 'issue', ...base },
  activate: { kind: 'activate', ...about },
  suspend: { kind: 'suspend', ...about, statusValue: 'suspended' },
  reinstate: { kind: 'reinstate', ...about, statusValue: 'valid' },
  revoke: { kind: 'revoke', ...about, statusValue: 'invalid' },
  reissue: { kind: 'reissue', ...about },
  consent_given: { kind: 'consent_given', ...about, consentDigest: digest, purpose: 'account_opening' },
  consent_withdrawn: { kind: 'consent_withdrawn', ...about, consentDigest: digest, purpose: 'account_opening' },
  disclose: { kind: 'disclose', ...base, evidenceDigest: digest, purpose: 'account_opening' },
  rotate_key: { kind: 'rotate_key', ...base, keyDigest: digest },
  export: { kind: 'export', ...base, rangeFrom: 0, rangeTo: 3, manifestDigest: digest },
  forget: { kind: 'forget', ...base },
}

/** What any act may say besides. */
const common: Partial<AuditAct> = {
  purpose: 'travel',
  outcome: 'approved',
  passport: 'citizen-passport',
  format: 'mso_mdoc',
  actorId: 'operator 17',
  device: 'counter 3',
  address: '192.0.2.7',
}

/** What not every act may say. */
const special: Partial<AuditAct> = {
  subject: 'citizen',
  credentialDigest: digest,
  recordDigest: digest,
  evidenceDigest: digest,
  consentDigest: digest,
  keyDigest: digest,
  manifestDigest: digest,
}

const { log } = await world()
const rows = Object.entries(least) as [ActKindName, AuditAct][]
const kindOf = (name: ActKindName) => (actKinds as ActKinds)[name]!

const written = (act: AuditAct, member: keyof AuditAct) =>
  log.append(act).then(
    () => 'written',
    error => (error.code === 'audit_entry_malformed' && error.at === member ? 'refused' : error),
  )

describe.each(rows)('an act of kind %s', (name, act) => {
  const { required = [], allowed = [], statusValue } = kindOf(name)

  it('is written with what it must say, and with what any act may say', async () => {
    expect((await log.append(act)).entry).toMatchObject({ kind: name, ...base })
    expect((await log.append({ ...common, ...act })).entry).toMatchObject({ kind: name, outcome: 'approved' })
  })

  it('is refused without what it must say', async () => {
    for (const member of required.filter(member => member !== 'rangeFrom'))
      expect(await written({ ...act, [member]: undefined }, member), member).toBe('refused')
  })

  it('may say what its kind allows and nothing else', async () => {
    for (const [member, value] of Object.entries(special) as [keyof AuditAct, string][]) {
      const may = required.includes(member) || allowed.includes(member)
      expect(await written({ ...act, [member]: value }, member), member).toBe(may ? 'written' : 'refused')
    }
  })

  it('sets the status of its kind and no other', async () => {
    for (const value of ['valid', 'invalid', 'suspended', 'lost'])
      expect(await written({ ...act, statusValue: value }, 'statusValue'), value).toBe(
        value === statusValue ? 'written' : 'refused',
      )
  })
})

it('has a line in the table for every kind there is', () => {
  expect(Object.keys(least)).toEqual(Object.keys(actKinds))
})

it('is described in the manual as the table has it', () => {
  const described = new Map<string, { required: string[]; allowed: string[] }>()
  for (const [, kinds, must, may] of page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|(.*)\|(.*)\|$/gm)) {
    const [required, allowed] = [must!, may!].map(
      cell => cell.match(/(?<!\()`\w+`/g)?.map(name => name.slice(1, -1)) ?? [],
    )
    for (const kind of kinds!.match(/\w+/g)!) described.set(kind, { required: required!, allowed: allowed! })
  }
  for (const [name, { required = [], allowed = [], statusValue }] of Object.entries<ActKind>(actKinds)) {
    const status = statusValue === undefined || required.includes('statusValue') ? [] : ['statusValue']
    expect(described.get(name), name).toEqual({ required, allowed: [...allowed, ...status] })
  }
  expect([...described.keys()]).toEqual(Object.keys(actKinds))
})

it('names the range of an export by its two ends, the first below the second', async () => {
  for (const [rangeFrom, rangeTo] of [
    [3, 3],
    [4, 3],
    [undefined, 3],
    [-1, 3],
    [0.5, 3],
    ['0', 3],
    [0, 2 ** 53],
  ] as [number, number][])
    await expect(log.append({ ...least.export, rangeFrom, rangeTo })).rejects.toMatchObject(
      failing('audit_entry_malformed', { at: expect.stringMatching(/^range/) }),
    )
})

describe('a kind that is in no table', () => {
  it.each(['revok', 'rotate_keys', 'constructor', 'to_string', '__proto__'])(
    'is refused, such as %s, so that no slip of the pen stays for ever',
    async kind => {
      await expect(log.append({ ...about, kind })).rejects.toMatchObject(
        failing('audit_entry_malformed', { at: 'kind' }),
      )
    },
  )

  it('is written once the log is opened with it, by the rules it was given', async () => {
    const dispute = { required: ['subject'], allowed: ['recordDigest'], statusValue: 'suspended' } as const
    const { log } = await world({ kinds: { dispute } })
    const act = { ...about, kind: 'dispute' }
    const full = { ...act, recordDigest: digest, statusValue: 'suspended', address: '192.0.2.7' }
    expect((await log.append(full)).entry).toMatchObject({ kind: 'dispute', recordDigest: digest })
    for (const [member, harm] of [
      ['subject', { subject: undefined }],
      ['evidenceDigest', { evidenceDigest: digest }],
      ['statusValue', { statusValue: 'valid' }],
    ] as const)
      await expect(log.append({ ...act, ...harm })).rejects.toMatchObject(
        failing('audit_entry_malformed', { at: member }),
      )
    expect((await log.append(least.revoke)).index).toBe(1)
  })

  it('stays readable and provable for a log that knows it no more', async () => {
    const { log, reopen } = await world({ kinds: { dispute: {} } })
    await log.append({ ...base, kind: 'dispute' })
    const later = await reopen({ kinds: undefined })
    expect((await later.proveInclusion(0)).entry.kind).toBe('dispute')
    await expect(later.append({ ...base, kind: 'dispute' })).rejects.toMatchObject(failing('audit_entry_malformed'))
  })

  it.each<[string, unknown]>([
    ['is no word', { Dispute: {} }],
    ['is a kind already', { issue: {} }],
    ['has no rules', { dispute: null }],
    ['demands what no act has', { dispute: { required: ['familyName'] } }],
    ['allows what no act has', { dispute: { allowed: ['index'] } }],
    ['allows no list', { dispute: { allowed: 'subject' } }],
    ['sets what is no word', { dispute: { statusValue: 'In dispute' } }],
  ])('cannot be declared if it %s', async (_, kinds) => {
    await expect(world({ kinds: kinds as ActKinds })).rejects.toThrow(/`kinds\.\w+/)
    await expect(world({ kinds: kinds as ActKinds })).rejects.toThrow(TypeError)
  })
})
