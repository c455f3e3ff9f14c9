/** One small world for the tests of the office: a store in memory, and a clock that stands still until it is moved. */
import type { OfficeStore } from '../../src/office/store.js'
import { memoryOfficeStore } from '../../src/store/memory/office.js'
import { memoryTransactions } from '../../src/store/memory/transactions.js'

export function memoryStore(): OfficeStore {
  const transactions = memoryTransactions()
  return { transaction: transactions.transaction, ...memoryOfficeStore(transactions) }
}

export interface OfficeClock {
  (): Date
  /** Moves it on by so many seconds. */
  pass(seconds: number): void
}

export function officeClock(): OfficeClock {
  let time = Date.parse('2026-11-22T10:00:00Z')
  return Object.assign(() => new Date(time), {
    pass: (seconds: number) => {
      time += seconds * 1000
    },
  })
}

/** The store, over which one method behaves otherwise. */
export const withMethod = <Name extends keyof OfficeStore>(
  store: OfficeStore,
  name: Name,
  method: OfficeStore[Name],
): OfficeStore => ({ ...store, [name]: method })

export const failing = (code: string) => ({ name: 'VidimusError', code })
