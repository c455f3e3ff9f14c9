/** Work that anyone may ask for and that costs: a little at a time, once for all who ask for the same, and the last results are kept. */

export interface CostlyOptions {
  /** How much is done at once. */
  readonly atOnce: number
  /** How much may wait besides. */
  readonly waiting: number
  /** How many results are kept. */
  readonly kept: number
}

export class Costly<Result> {
  private readonly options: CostlyOptions
  private readonly results = new Map<string, Result>()
  private readonly underWay = new Map<string, Promise<Result>>()
  private readonly queue: (() => void)[] = []
  private running = 0

  constructor(options: CostlyOptions) {
    this.options = options
  }

  /**
   * What `work` comes to; it is kept under `key` where `keeps` says so. `undefined` when too many wait already. What throws is
   * asked for anew the next time.
   */
  get(
    key: string,
    work: () => Promise<Result>,
    keeps: (result: Result) => boolean = () => true,
  ): Promise<Result> | undefined {
    const known = this.results.get(key)
    if (known !== undefined) {
      this.keep(key, known)
      return Promise.resolve(known)
    }
    const { atOnce, waiting } = this.options
    const shared = this.underWay.get(key)
    if (shared !== undefined || this.underWay.size >= atOnce + waiting) return shared
    const result = this.inTurn(work)
      .then(made => {
        if (keeps(made)) this.keep(key, made)
        return made
      })
      .finally(() => this.underWay.delete(key))
    this.underWay.set(key, result)
    return result
  }

  /** The last one used stands last; the first one goes. */
  private keep(key: string, result: Result): void {
    this.results.delete(key)
    this.results.set(key, result)
    if (this.results.size <= this.options.kept) return
    for (const oldest of this.results.keys()) {
      this.results.delete(oldest)
      return
    }
  }

  private async inTurn(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.options.atOnce) await new Promise<void>(resolve => this.queue.push(resolve))
    else this.running++
    try {
      return await work()
    } finally {
      // The turn is handed on, so that nobody comes in between.
      const next = this.queue.shift()
      if (next === undefined) this.running--
      else next()
    }
  }
}
