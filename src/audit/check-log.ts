/**
 * A whole log, held against a checkpoint that was kept outside of it: what an auditor runs over a copy or an export, who
 * wants to know not only that something is wrong but what was done.
 *
 * What no checkpoint outside covers is not protected: whoever has the key of the log may write its end anew.
 */
import { equalBytes } from '../core/bytes.js'
import { VidimusError } from '../errors.js'
import { type Checkpoint, verifyCheckpoint } from '../formats/tlog/checkpoint.js'
import { Chain, iterate } from './chain.js'
import { type LogKey, readLogKeys } from './checkpoint.js'
import { readEntry } from './entry.js'
import { type AuditRefusal, verdictOf } from './verdict.js'

/** A log as it is shown to an auditor. Both may be anything. */
export interface ShownLog {
  /** Its latest checkpoint. */
  readonly checkpoint: unknown
  /** Its entries from the first on: a list or an iterable, also an asynchronous one. */
  readonly entries: unknown
}

/** What an auditor brings along. */
export interface CheckLogOptions {
  /** The checkpoint out of your own keeping. */
  readonly kept: string
  readonly logKey: LogKey
  readonly signal?: AbortSignal | undefined
}

/**
 * What was done to a log:
 * - `checkpoint`: the checkpoint that is shown is none of this log.
 * - `rollback`: it is an earlier one than the one that was kept, as after a backup was put back.
 * - `fork`: it, or the entries under it, go another way than the one that was kept.
 * - `truncation`: there are fewer entries than it says.
 * - `surplus`: there are more.
 * - `gap`, `duplicate`, `order`: entries are missing in between, there twice, or in another order.
 * - `edit`: an entry was changed, or does not follow the one before it.
 */
export type Tampering =
  | 'checkpoint'
  | 'rollback'
  | 'fork'
  | 'truncation'
  | 'surplus'
  | 'gap'
  | 'duplicate'
  | 'order'
  | 'edit'

/** The log is the one that was kept, or grew out of it. */
export interface CheckedLog {
  readonly ok: true
  /** The number of entries, all of them checked. */
  readonly size: number
}

/** It is not: the code is `log_corrupt`. */
export type LogRefusal = AuditRefusal & { readonly tampering: Tampering }

/**
 * Whether a log still is the one of the kept checkpoint, entry by entry, and ends as the checkpoint says that it shows.
 * One pass in constant memory. Throws `TypeError` on misuse; whatever is shown, the answer is a verdict, with the code
 * `log_corrupt`.
 * @example const verdict = await checkLog({ checkpoint, entries }, { kept, logKey })
 */
export async function checkLog(shown: ShownLog, options: CheckLogOptions): Promise<CheckedLog | LogRefusal> {
  const { kept, logKey, signal } = options
  const verifiers = await readLogKeys(logKey)
  const held = await verifyCheckpoint(kept, verifiers).catch(() => {
    throw new TypeError('`kept` must be a checkpoint of the log')
  })
  let tampering: Tampering = 'edit'
  const found = (what: Tampering, expected?: number, actual?: number): never => {
    tampering = what
    throw new VidimusError('log_corrupt', { at: what, expected, actual })
  }
  const verdict = await verdictOf(async (): Promise<CheckedLog> => {
    const head = await verifyCheckpoint(shown?.checkpoint as string, verifiers).catch(() => found('checkpoint'))
    requireLater(head, held, found)
    const chain = new Chain(0)
    /** The index of an entry that came before its turn; the one whose turn it was is looked for among the rest. */
    let early: number | undefined
    let rest = head.size
    for await (const value of iterate(shown.entries)) {
      signal?.throwIfAborted()
      const read = readShown(value)
      if (early !== undefined) {
        if (read?.index === chain.next) found('order', chain.next, early)
        if (--rest < 0) break
        continue
      }
      const entry = read ?? found('edit', chain.next)
      if (chain.next === head.size) found('surplus', head.size)
      if (entry.index < chain.next) found('duplicate', chain.next, entry.index)
      if (entry.index > chain.next) {
        early = entry.index
        tampering = 'gap'
        continue
      }
      try {
        chain.add(entry)
      } catch {
        found('edit', chain.next)
      }
      if (chain.next === held.size && !equalBytes(chain.root, held.root)) found('fork', held.size)
    }
    if (early !== undefined) found('gap', chain.next, early)
    if (chain.next < head.size) found('truncation', head.size, chain.next)
    if (!equalBytes(chain.root, head.root)) found('fork', head.size)
    return { ok: true, size: chain.next }
  })
  return verdict.ok ? verdict : Object.freeze({ ...verdict, code: 'log_corrupt', tampering })
}

function requireLater(
  head: Checkpoint,
  held: Checkpoint,
  found: (what: Tampering, expected?: number, actual?: number) => never,
): void {
  if (head.origin !== held.origin) found('checkpoint')
  if (head.size < held.size) found('rollback', held.size, head.size)
  if (head.size === held.size && !equalBytes(head.root, held.root)) found('fork', held.size)
}

function readShown(value: unknown) {
  try {
    return readEntry(value)
  } catch {
    return undefined
  }
}
