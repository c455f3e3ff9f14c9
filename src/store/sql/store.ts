/** Every port of a store, over a database that speaks SQL. */
import type { AuditStore } from '../../audit/store.js'
import type { WitnessStore } from '../../audit/witness-store.js'
import type { OfficeStore } from '../../office/store.js'
import type { StatusStore } from '../../status/store.js'
import { sqlAuditStore } from './audit.js'
import type { SqlDatabase } from './database.js'
import { sqlOfficeStore } from './office.js'
import { migrations } from './schema.js'
import { sqlStatusStore } from './status.js'
import { sqlWitnessStore } from './witness.js'

/** How the tables are made. */
export interface MigrateOptions {
  /** Is given each statement before it runs. */
  readonly print?: ((sql: string) => void) | undefined
}

/** A store whose tables are made and brought up to date by `migrate`. */
export interface SqlStore extends StatusStore, AuditStore, WitnessStore, OfficeStore {
  /**
   * Creates the tables or brings them to the version that this library needs, in one transaction: all of it or nothing,
   * and once, however many processes start together. Throws `store_not_migrated` for the tables of a later version,
   * and `store_busy`, `store_full`, `store_unreachable`, `store_failed`, `store_commit_unknown` as a transaction does.
   */
  migrate(options?: MigrateOptions): Promise<void>
}

export function sqlStore(database: SqlDatabase): SqlStore {
  return Object.freeze({
    transaction: database.transaction,
    migrate: (options: MigrateOptions = {}) => database.migrate(migrations, options),
    ...sqlStatusStore(database),
    ...sqlAuditStore(database),
    ...sqlWitnessStore(database),
    ...sqlOfficeStore(database),
  })
}
