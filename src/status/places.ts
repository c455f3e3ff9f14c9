/**
 * The places of status lists, given out one by one. Each process takes steps through a list in blocks, so that issuing
 * never waits for a counter; the database's constraint, and not this code, says that a place is free.
 */
import { randomBytes } from '#crypto'
import { type Clock, readClock } from '../core/clock.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import { keyBytes, placeAt } from './permutation.js'
import { randomListName } from './random.js'
import type { StatusListKind, StatusListRow, StatusStore } from './store.js'

/** Steps at hand. */
interface Block {
  readonly list: StatusListRow
  next: number
  readonly end: number
  readonly half: number
}

/** A step through a list; `undefined` for one that was given before. */
interface Step {
  readonly list: StatusListRow
  readonly step: number | undefined
}

/** A list of some kind that is to be begun. */
export interface NewList extends StatusListKind {
  readonly capacity: number
  readonly expires: Date | undefined
}

/** At most this many steps are taken at once, and at most a thousandth of a list: a process that ends loses them. */
const largestBlock = 1024

/** Places that turn out to be taken, or lists that are full at once: more of them is a store that is broken. */
const attempts = 64

export class Places {
  private readonly store: StatusStore
  private readonly now: Clock
  private readonly blocks = new Map<string, Block[]>()
  private readonly leasing = new Map<string, Promise<void>>()
  /** Steps that were taken within transactions of others, and may have been undone with them. */
  private readonly own = new Set<string>()

  constructor(store: StatusStore, now: Clock) {
    this.store = store
    this.now = now
  }

  /** Sees to it that steps are at hand, in a transaction of its own: called before one is opened in which `take` is. */
  async prepare(kind: NewList): Promise<void> {
    if ((this.blocks.get(nameOf(kind)) ?? []).length === 0) await this.lease(kind)
  }

  /** Gives up the steps at hand: their lists are over. */
  forget(): void {
    this.blocks.clear()
  }

  /** Gives a passport a place that nobody has had. Throws `registry_full`. */
  async take(open: Transaction, kind: NewList, id: string): Promise<StatusReference> {
    for (let conflicts = 0; conflicts < attempts; ) {
      const { list, step } = this.step(kind) ?? (await this.ownStep(open, kind))
      if (step === undefined) continue
      const { uri } = list
      const index = placeAt(list.key, list.size, step)
      if (await this.store.insertStatusEntry(open, { uri, index, id, value: 0 })) return { uri, index }
      conflicts++
    }
    throw new VidimusError('registry_full')
  }

  /** The next step at hand; when half of a block is gone, another is taken meanwhile. */
  private step(kind: NewList): Step | undefined {
    const blocks = this.blocks.get(nameOf(kind)) ?? []
    const [block] = blocks
    if (block === undefined) return undefined
    const step = block.next++
    if (block.next === block.end) blocks.shift()
    // If no more can be had, whoever comes after the last step is told.
    if (block.next === block.half) void this.lease(kind).catch(() => undefined)
    return { list: block.list, step: this.own.has(`${step} ${block.list.uri}`) ? undefined : step }
  }

  /**
   * A step for one transaction alone, for others could not know whether its list will be there; theirs are sought meanwhile.
   * Should that transaction be undone, its step comes again, and is passed over: a credential may have been signed for it.
   */
  private async ownStep(open: Transaction, kind: NewList): Promise<Step> {
    void this.lease(kind).catch(() => undefined)
    const { list, from } = await this.leaseIn(open, kind, 1)
    const name = `${from} ${list.uri}`
    if (this.own.has(name)) return { list, step: undefined }
    this.own.add(name)
    return { list, step: from }
  }

  private lease(kind: NewList): Promise<void> {
    const name = nameOf(kind)
    const underWay = this.leasing.get(name)
    if (underWay !== undefined) return underWay
    const count = Math.min(largestBlock, Math.ceil(kind.capacity / 1024))
    const leased = this.store
      .transaction(open => this.leaseIn(open, kind, count))
      .then(
        ({ list, from, to }) => void this.blocks.set(name, [...(this.blocks.get(name) ?? []), blockOf(list, from, to)]),
      )
      .finally(() => this.leasing.delete(name))
    this.leasing.set(name, leased)
    return leased
  }

  /** Steps through the list that is open, or through a new one when it is used up. */
  private async leaseIn(open: Transaction, kind: NewList, count: number) {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const list = await this.store.findOpenStatusList(open, kind)
      const lease = list && (await this.store.leasePlaces(open, list.uri, count))
      if (list !== undefined && lease !== undefined) return { list, ...lease }
      await this.store.insertStatusList(open, this.begin(kind))
    }
    throw new VidimusError('registry_full')
  }

  private begin({ registry, format, bits, size, cohort, shard, capacity, expires }: NewList): StatusListRow {
    return {
      uri: `${registry}/${randomListName()}`,
      registry,
      format,
      bits,
      size,
      cohort,
      shard,
      key: randomBytes(keyBytes),
      capacity,
      created: readClock(this.now),
      expires,
    }
  }
}

const nameOf = ({ format, cohort, shard }: NewList): string => `${format} ${cohort} ${shard}`

const blockOf = (list: StatusListRow, from: number, to: number): Block => ({
  list,
  next: from,
  end: to,
  half: from + Math.ceil((to - from) / 2),
})
