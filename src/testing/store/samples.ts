/** Rows to write, each as it would be but for what a case says. */
import type { Batch, PendingAct } from '../../audit/store.js'
import type { AnswerRow, OutboxMessage } from '../../office/store.js'
import type {
  PublishedBits,
  StatusChange,
  StatusEntryRow,
  StatusFileRow,
  StatusListKind,
  StatusListRow,
} from '../../status/store.js'

/** So many seconds, with their fractions, after a moment in 2031. */
export const at = (seconds: number): Date => new Date(Date.UTC(2031, 4, 17, 8, 30) + seconds * 1000)

/** So many bytes, each like its place or, with a seed, unlike anything that compresses. */
export function bytes(length: number, seed?: number): Uint8Array {
  const made = new Uint8Array(length)
  let state = seed ?? 0
  for (let place = 0; place < length; place++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    made[place] = seed === undefined ? place : state >>> 24
  }
  return made
}

export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number)

export const kind: StatusListKind = {
  registry: 'https://status.example',
  format: 'dc+sd-jwt',
  bits: 8,
  size: 1024,
  cohort: '2031-q2',
  shard: 0,
}

export const uriOf = (name: string): string => `https://status.example/${name}`

/** The list of a name. All of them are of one kind. */
export const list = (name: string, changes: Partial<StatusListRow> = {}): StatusListRow => ({
  ...kind,
  uri: uriOf(name),
  key: bytes(32, name.length),
  capacity: 1000,
  created: at(0),
  expires: at(1e8),
  ...changes,
})

export const entry = (index: number, changes: Partial<StatusEntryRow> = {}): StatusEntryRow => ({
  uri: uriOf('a'),
  index,
  id: 'passport 1',
  value: 0,
  ...changes,
})

/** A publication, an hour after the one before, in use for a day. */
export const publication = (version: number, changes: Partial<PublishedBits> = {}): PublishedBits => ({
  version,
  issued: at(version * 3600),
  expires: at(version * 3600 + 86_400),
  compressed: bytes(100, version),
  ...changes,
})

export const file = (name: string, version: number, changes: Partial<StatusFileRow> = {}): StatusFileRow => ({
  uri: uriOf(name),
  version,
  mediaType: 'application/statuslist+jwt',
  body: bytes(200, version),
  issued: at(version * 3600),
  ...changes,
})

export const act = (id: string): PendingAct => ({ id, text: `{"act":"${id}"}` })

/** Acts as the next entries of a log. */
export const batch = (follows: number, acts: readonly string[]): Batch => ({
  follows,
  entries: acts.map((id, place) => ({ index: follows + place, act: id, text: `{"entry":"${id}"}` })),
  checkpoint: `checkpoint\n${follows + acts.length}\n`,
})

export const claim = (key: string, expires = at(0)): Omit<AnswerRow, 'answer'> => ({
  key,
  request: `digest of ${key}`,
  expires,
})

export const message = (id: string): OutboxMessage => ({ id, topic: 'status_changed', body: `body of ${id}` })

/** Everything that comes in pages. */
export async function all(pages: AsyncIterable<readonly StatusChange[]>): Promise<readonly StatusChange[]> {
  const whole: StatusChange[] = []
  for await (const page of pages) whole.push(...page)
  return whole
}
