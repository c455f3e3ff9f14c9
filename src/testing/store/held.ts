/** Transactions that meet: held open while others run, whether the store runs them side by side or one after the other. */
import type { Transaction, Transactional } from '../../core/transaction.js'
import { expectTrue, rejection } from './expect.js'

/** Milliseconds that others have for what they should not do. */
const patience = 40
/** Milliseconds that others have for what they should be able to do. */
const generous = 5000

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, milliseconds)
  })

/** An open transaction. */
export interface Held<T> {
  /** What its work came to so far. */
  readonly result: T
  commit(): Promise<void>
  undo(): Promise<void>
}

/** Begins a transaction and keeps it open once `work` is done. */
export async function hold<T>(store: Transactional, work: (transaction: Transaction) => Promise<T>): Promise<Held<T>> {
  const undoing = new Error('undone by the test')
  let end: (undo: boolean) => void = () => {}
  const ending = new Promise<boolean>(resolve => {
    end = resolve
  })
  let begun: Promise<void> = Promise.resolve()
  const result = await new Promise<T>((resolve, reject) => {
    begun = store.transaction(async transaction => {
      resolve(await work(transaction))
      if (await ending) throw undoing
    })
    begun.catch(reject)
  })
  return {
    result,
    commit: () => {
      end(false)
      return begun
    },
    undo: async () => {
      end(true)
      expectTrue((await rejection(begun, 'a transaction whose work throws')) === undoing, 'throws what work throws')
    },
  }
}

/** Runs `work` in a transaction that is undone, and gives what it came to. */
export async function undone<T>(store: Transactional, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const held = await hold(store, work)
  await held.undo()
  return held.result
}

/** Whether a promise is settled before others had time enough to settle it. */
export const settles = (promise: Promise<unknown>, within = patience): Promise<boolean> => {
  const yes = () => true
  return Promise.race([promise.then(yes, yes), pause(within).then(() => false)])
}

/** Throws when a promise is settled although a transaction that it has to wait for is open. */
export async function expectWaiting(promise: Promise<unknown>, what: string): Promise<void> {
  expectTrue(!(await settles(promise)), `${what}: does not wait for the transaction before it`)
}

/** Throws when a promise is not settled although nothing stands in its way. */
export async function expectGoingOn(promise: Promise<unknown>, what: string): Promise<void> {
  expectTrue(await settles(promise, generous), `${what}: waits for a transaction that it has nothing to do with`)
}

/** Whether the store runs transactions side by side; others take turns. */
export async function runsSideBySide(store: Transactional): Promise<boolean> {
  const held = await hold(store, async () => {})
  const second = store.transaction(async () => {})
  const sideBySide = await settles(second, 10 * patience)
  await held.commit()
  await second
  return sideBySide
}

/** So many calls at once. */
export const parallel = <T>(count: number, work: (number: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, number) => work(number)))
