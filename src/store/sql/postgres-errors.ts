/** What the errors of PostgreSQL and of the way to it mean (PostgreSQL, Appendix A). */
import { type StoreCode, VidimusError } from '../../errors.js'
import type { Refusal } from './driver.js'

/** What a statement was refused with. An error that the server did not make is one of the connection. */
export function refusal(error: unknown): Refusal {
  const state = sqlstate(error)
  const code = state === undefined ? 'store_unreachable' : codeOf(state)
  const actual = code === 'store_failed' ? state : undefined
  return { error: new VidimusError(code, { actual }), again: state !== undefined && givesWay.has(state) }
}

/** The five characters of an error that the server made; `EPIPE` has five as well, but no severity. */
export function sqlstate(error: unknown): string | undefined {
  const { code, severity } = Object(error) as Readonly<Record<string, unknown>>
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined
}

/** serialization_failure, deadlock_detected, too_many_connections. */
const givesWay: ReadonlySet<string> = /* @__PURE__ */ new Set(['40001', '40P01', '53300'])

function codeOf(state: string): StoreCode {
  return codes[state] ?? (/^(08|57P|25P0[34])/.test(state) ? 'store_unreachable' : 'store_failed')
}

const codes: Readonly<Record<string, StoreCode>> = {
  '40001': 'store_busy',
  '40P01': 'store_busy',
  '53300': 'store_busy',
  /** lock_not_available, query_canceled (a time ran out) */
  '55P03': 'store_busy',
  '57014': 'store_busy',
  /** disk_full */
  '53100': 'store_full',
  /** undefined_table */
  '42P01': 'store_not_migrated',
  /** character_not_in_repertoire, untranslatable_character: the database is in another encoding */
  '22021': 'store_value_unsupported',
  '22P05': 'store_value_unsupported',
}
