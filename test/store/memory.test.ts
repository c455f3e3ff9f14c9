import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../src/core/transaction.js'
import { memoryTransactions } from '../../src/store/memory/transactions.js'

const pause = () => new Promise(resolve => setTimeout(resolve, 1))

describe('transactions over memory', () => {
  it('run one after the other, in the order they were asked for', async () => {
    const transactions = memoryTransactions()
    const events: string[] = []
    const work = (name: string) =>
      transactions.transaction(async () => {
        events.push(`${name} begins`)
        await pause()
        events.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([work('a'), work('b'), work('c')])).toEqual(['a', 'b', 'c'])
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('take back what a failed one did, the latest first, and go on', async () => {
    const transactions = memoryTransactions()
    const undone: number[] = []
    const failure = new Error('no')
    const failing = transactions.transaction(async transaction => {
      transactions.onRollback(transaction, () => undone.push(1))
      await pause()
      transactions.onRollback(transaction, () => undone.push(2))
      throw failure
    })
    const next = transactions.transaction(async () => [...undone])
    await expect(failing).rejects.toBe(failure)
    expect(await next).toEqual([2, 1])
  })

  it('take back what one did that throws at once', async () => {
    const transactions = memoryTransactions()
    const undone: number[] = []
    const work = (transaction: Transaction): Promise<void> => {
      transactions.onRollback(transaction, () => undone.push(1))
      throw new Error('no')
    }
    await expect(transactions.transaction(work)).rejects.toThrow('no')
    expect(undone).toEqual([1])
  })

  it('keep what a successful one did', async () => {
    const transactions = memoryTransactions()
    const undone: number[] = []
    await transactions.transaction(async transaction => {
      transactions.onRollback(transaction, () => undone.push(1))
    })
    await transactions
      .transaction(async () => {
        throw new Error('no')
      })
      .catch(() => {})
    expect(undone).toEqual([])
  })

  it('take no writes after their end, or for another store', async () => {
    const transactions = memoryTransactions()
    const over = await transactions.transaction(async transaction => transaction)
    expect(() => transactions.onRollback(over, () => {})).toThrow(TypeError)
    await memoryTransactions().transaction(async foreign => {
      expect(() => transactions.onRollback(foreign, () => {})).toThrow(TypeError)
    })
  })
})
