/** The store under test, and what a case of the suite is. */
import type { AuditStore } from '../../audit/store.js'
import type { WitnessStore } from '../../audit/witness-store.js'
import type { OfficeStore } from '../../office/store.js'
import type { StatusStore } from '../../status/store.js'

/** A store that implements every port. */
export type WholeStore = StatusStore & AuditStore & WitnessStore & OfficeStore

/** A store made for one case: empty, and used by nobody else. */
export interface StoreUnderTest {
  readonly store: WholeStore
  /** Closes the store and opens it again over what it kept, as after a restart: of one that is `durable`. */
  readonly reopen?: (() => Promise<WholeStore>) | undefined
  /** Called once the case is over, however it ended. */
  readonly close?: (() => Promise<void>) | undefined
}

/** What is so, as the end of a sentence, and how it is found out over a fresh store. */
export type Case = readonly [what: string, run: (store: WholeStore, under: StoreUnderTest) => Promise<void>]
