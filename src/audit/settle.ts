/** A batch whose commit nobody saw: the connection broke before the answer came. Is it in the log? */
import { patience } from '../core/patience.js'
import { VidimusError } from '../errors.js'
import type { AuditStore, EntryRow } from './store.js'

/** Milliseconds between two attempts to reach a store that does not answer, at most. */
const longestPause = 250

/**
 * Whether the batch that ends with an entry was written. The end of the log is locked first: whoever gets it knows that the
 * database has decided. Attempts go on for `maxWait` seconds. Throws `store_commit_unknown` when none succeeds.
 */
export async function wasWritten(last: EntryRow, store: AuditStore, maxWait: number): Promise<boolean> {
  const others = patience(maxWait, longestPause)
  for (;;) {
    try {
      return await store.transaction(
        async transaction => {
          await store.lockLog(transaction, maxWait)
          // Its text names the hash of the entry before it: the same text is the same batch.
          return (await store.findEntryOfAct(transaction, last.act))?.text === last.text
        },
        { maxWait },
      )
    } catch (error) {
      if (!(error instanceof VidimusError) || !(await others.pause())) throw new VidimusError('store_commit_unknown')
    }
  }
}
