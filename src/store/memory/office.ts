/** The office in memory: answers already given, and messages to send. */
import type { AnswerRow, OfficeStore, OutboxMessage } from '../../office/store.js'
import type { MemoryTransactions } from './transactions.js'

interface MemoryMessage {
  readonly row: OutboxMessage
  /** Its place among all messages there ever were. */
  readonly number: number
  /** Until when somebody has it: milliseconds since the epoch. */
  readonly leasedUntil: number
}

/** Implements the port of `office/store.ts` over maps; writers take turns, so that nobody waits for a key. */
export function memoryOfficeStore(transactions: MemoryTransactions): Omit<OfficeStore, 'transaction'> {
  let answers = new Map<string, AnswerRow>()
  let messages = new Map<string, MemoryMessage>()
  let inserted = 0

  return {
    async claimKey(transaction, row) {
      transactions.onRollback(transaction, ignore)
      if (answers.has(row.key)) return false
      transactions.onRollback(transaction, () => answers.delete(row.key))
      answers.set(row.key, copy(row))
      return true
    },

    async keepAnswer(transaction, key, answer) {
      const claimed = answers.get(key)
      if (claimed === undefined) throw new Error('nobody claimed this key')
      transactions.onRollback(transaction, () => answers.set(key, claimed))
      answers.set(key, copy({ ...claimed, answer }))
    },

    async findAnswer(_transaction, key) {
      const row = answers.get(key)
      return row && copy(row)
    },

    async forgetAnswers(transaction, before) {
      const former = answers
      transactions.onRollback(transaction, () => {
        answers = former
      })
      answers = new Map([...former].filter(([, { expires }]) => expires >= before))
      return former.size - answers.size
    },

    async insertMessage(transaction, message) {
      if (messages.has(message.id)) throw new Error('the message is in this store already')
      transactions.onRollback(transaction, () => messages.delete(message.id))
      const row = Object.freeze({ ...message })
      messages.set(message.id, { row, number: inserted++, leasedUntil: 0 })
    },

    async leaseMessages(transaction, { now, until, limit }) {
      const leased = [...messages.values()]
        .filter(({ leasedUntil }) => leasedUntil <= now.getTime())
        .sort((a, b) => a.leasedUntil - b.leasedUntil || a.number - b.number)
        .slice(0, limit)
        .sort((a, b) => a.number - b.number)
      transactions.onRollback(transaction, () => {
        for (const message of leased) messages.set(message.row.id, message)
      })
      for (const message of leased) messages.set(message.row.id, { ...message, leasedUntil: until.getTime() })
      return leased.map(({ row }) => row)
    },

    async deleteMessages(transaction, ids) {
      const deleted = ids.flatMap(id => messages.get(id) ?? [])
      transactions.onRollback(transaction, () => {
        const all = [...messages.values(), ...deleted].sort((a, b) => a.number - b.number)
        messages = new Map(all.map(message => [message.row.id, message]))
      })
      for (const { row } of deleted) messages.delete(row.id)
    },
  }
}

const ignore = () => {}

/** With a date of its own, which nobody outside can turn. */
const copy = <Row extends Omit<AnswerRow, 'answer'>>(row: Row): Row =>
  Object.freeze({ ...row, expires: new Date(row.expires) })
