/** One small world for the tests of the log: a store in memory, a key, a clock that stands still until it is moved. */

import type { AuditAct } from '../../src/audit/act.js'
import { type AuditLog, type AuditLogOptions, openAuditLog } from '../../src/audit/log.js'
import type { AuditStore } from '../../src/audit/store.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { memoryAuditStore } from '../../src/store/memory/audit.js'
import { memoryTransactions } from '../../src/store/memory/transactions.js'

export const origin = 'passport.example/log'

export function memoryStore(): AuditStore {
  const transactions = memoryTransactions()
  return { transaction: transactions.transaction, ...memoryAuditStore(transactions) }
}

export interface World {
  readonly store: AuditStore
  readonly signer: Signer
  readonly log: AuditLog
  readonly clock: { now: Date }
  /** Opens the log again, as another process or after a restart would. */
  reopen(options?: Partial<AuditLogOptions>): Promise<AuditLog>
}

export async function world(options: Partial<AuditLogOptions> = {}): Promise<World> {
  const store = options.store ?? memoryStore()
  const signer = await generateSigner('EdDSA')
  const clock = { now: new Date('2026-11-22T10:00:00Z') }
  const reopen = (changed: Partial<AuditLogOptions> = {}) =>
    openAuditLog({ store, origin, signer, now: () => clock.now, ...options, ...changed })
  return { store, signer, clock, reopen, log: await reopen() }
}

/** An act on a subject; `reason` tells acts apart. */
export const act = (subject?: string, reason = 'first_issue'): AuditAct => ({
  kind: 'issue',
  actor: 'system',
  reason,
  ...(subject === undefined ? {} : { subject }),
})

/** A log with so many entries, about `citizen_0` to `citizen_2` in turn. */
export async function worldOf(size: number): Promise<World> {
  const made = await world()
  for (let index = 0; index < size; index++) await made.log.append(act(`citizen ${index % 3}`, `reason_${index}`))
  return made
}

export const failing = (code: string, more: object = {}) => ({ name: 'VidimusError', code, ...more })

export const refusal = (code: string, more: object = {}) => ({ ok: false, code, ...more })

/** Inputs that no verify function expects. */
export function hostile(): [string, unknown][] {
  const circle: Record<string, unknown> = {}
  circle['entry'] = circle
  circle['entries'] = [circle]
  circle['hashes'] = circle
  const throwing = {
    get: () => {
      throw new Error('read')
    },
    ownKeys: () => {
      throw new Error('listed')
    },
    getOwnPropertyDescriptor: () => {
      throw new Error('described')
    },
  }
  return [
    ['undefined', undefined],
    ['null', null],
    ['a number', 42],
    ['a big number', 10n],
    ['a symbol', Symbol('proof')],
    ['a text', 'proof'],
    ['a huge text', 'x'.repeat(4_000_000)],
    ['an empty object', {}],
    ['an empty list', []],
    ['a huge list without elements', new Array(4_000_000_000)],
    ['a function', () => 1],
    ['a circle', circle],
    ['a proxy that throws', new Proxy({}, throwing)],
    ['a proxy list that throws', new Proxy([], throwing)],
    ['bytes', new Uint8Array(8)],
    ['a date', new Date(0)],
    ['a map', new Map([['entry', 1]])],
  ]
}
