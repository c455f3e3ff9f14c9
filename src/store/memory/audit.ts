/** The log in memory. */
import type { AuditStore, EntryRow, PendingAct } from '../../audit/store.js'
import type { MemoryTransactions } from './transactions.js'

/** A subject with its key and the indexes of the entries about it. */
interface Subject {
  readonly key: Uint8Array
  readonly entries: number[]
}

/** An act without a number, and the subject it is about. */
interface MemoryAct {
  readonly row: PendingAct
  /** Its place among all acts there ever were. */
  readonly number: number
  readonly about: string | undefined
}

/** Implements the port of `audit/store.ts` over maps; reads see at once what was written, for writers take turns. */
export function memoryAuditStore(transactions: MemoryTransactions): Omit<AuditStore, 'transaction'> {
  let pending = new Map<string, MemoryAct>()
  let recorded = 0
  const entries: EntryRow[] = []
  const entryOfAct = new Map<string, EntryRow>()
  const subjects = new Map<string, Subject>()
  let checkpoint: string | undefined

  const subjectOf = (act: string): Subject | undefined => {
    const about = pending.get(act)?.about
    return about === undefined ? undefined : subjects.get(about)
  }

  return {
    async insertPendingAct(transaction, act, subject) {
      if (pending.has(act.id) || entryOfAct.has(act.id)) throw new Error('the act is in this store already')
      transactions.onRollback(transaction, () => pending.delete(act.id))
      pending.set(act.id, { row: Object.freeze({ ...act }), number: recorded++, about: subject })
    },

    async findPendingActs(_transaction, limit) {
      const oldest: PendingAct[] = []
      for (const { row } of pending.values()) {
        if (oldest.length === limit) break
        oldest.push(row)
      }
      return oldest
    },

    async findLogHead() {
      return { size: entries.length, checkpoint }
    },

    async lockLog() {
      return { size: entries.length, checkpoint } // writers take turns
    },

    async numberActs(transaction, batch) {
      const ids = new Set(batch.entries.map(({ act }) => act))
      const acts = [...ids].flatMap(id => pending.get(id) ?? [])
      if (batch.follows !== entries.length || acts.length !== batch.entries.length) return false
      const fresh = batch.fresh ?? []
      for (const { act } of fresh) {
        if (pending.has(act) || entryOfAct.has(act) || ids.has(act)) throw new Error('the act is in this store already')
        ids.add(act)
      }
      const former = checkpoint
      const about: Subject[] = []
      transactions.onRollback(transaction, () => {
        for (const { act } of entries.splice(batch.follows)) entryOfAct.delete(act)
        for (const subject of about) subject.entries.pop()
        const all = [...pending.values(), ...acts].sort((a, b) => a.number - b.number)
        pending = new Map(all.map(act => [act.row.id, act]))
        checkpoint = former
      })
      const add = ({ index, act, text }: EntryRow, subject: Subject | undefined) => {
        const row = Object.freeze({ index, act, text })
        entries.push(row)
        entryOfAct.set(act, row)
        if (subject === undefined) return
        subject.entries.push(index)
        about.push(subject)
      }
      for (const entry of batch.entries) {
        add(entry, subjectOf(entry.act))
        pending.delete(entry.act)
      }
      for (const entry of fresh) add(entry, entry.subject === undefined ? undefined : subjects.get(entry.subject))
      checkpoint = batch.checkpoint
      return true
    },

    async findEntries(_transaction, from, to) {
      return entries.slice(from, to)
    },

    async findEntryOfAct(_transaction, act) {
      return entryOfAct.get(act)
    },

    async keepSubjectKeys(transaction, named) {
      return named.map(({ subject, key }) => {
        const known = subjects.get(subject)
        if (known !== undefined) return known.key.slice()
        transactions.onRollback(transaction, () => subjects.delete(subject))
        subjects.set(subject, { key: key.slice(), entries: [] })
        return key
      })
    },

    async findSubjectKey(_transaction, subject) {
      return subjects.get(subject)?.key.slice()
    },

    async findSubjectEntries(_transaction, subject, limit) {
      const indexes = subjects.get(subject)?.entries ?? []
      return indexes.slice(0, limit).map(index => entries[index] as EntryRow)
    },

    async eraseSubject(transaction, subject) {
      const erased = subjects.get(subject)
      if (erased === undefined) return false
      const acts = [...pending].filter(([, { about }]) => about === subject)
      transactions.onRollback(transaction, () => {
        subjects.set(subject, erased)
        for (const [id, act] of acts) pending.set(id, act)
      })
      subjects.delete(subject)
      for (const [id, act] of acts) pending.set(id, { ...act, about: undefined })
      return true
    },
  }
}
