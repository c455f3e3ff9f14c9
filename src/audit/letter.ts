/** A verified history as text for people: what was done, when, by which role and why, in the language of a catalogue. */
import { misuse } from '../core/arguments.js'
import type { Catalogue, LogWording } from '../wording/catalogue.js'
import { englishLog } from '../wording/english-log.js'
import { fill, own } from '../wording/fill.js'
import type { AuditEntry } from './entry.js'
import type { VerifiedHistory } from './history.js'

/**
 * A history in words: a line that says whose it is, a line for each act, a line that says what was verified and what was
 * not. It holds nothing that the history does not hold; words that the catalogue does not know stand as they are, and
 * times are those of UTC, wherever it is read. Without a catalogue it is in English.
 *
 * The text is plain: escape it before it becomes HTML. Throws `TypeError` for a history that was not verified.
 * @example if (verdict.ok) console.log(renderHistory(verdict, russian))
 */
export function renderHistory(history: VerifiedHistory, catalogue: Partial<Catalogue> = {}): string {
  if (history?.ok !== true || !Array.isArray(history.entries)) throw misuse('history', 'verified by `verifyHistory`')
  const words = catalogue.log ?? englishLog
  const facts = { subject: visible(history.subject), origin: visible(history.origin), size: history.size }
  const acts = history.entries.map((entry, at) => fill(words.act, { place: at + 1, ...actFacts(entry, words) }))
  return [fill(words.head, facts), ...acts, fill(words.foot, facts)].join('\n')
}

function actFacts(entry: AuditEntry, words: LogWording) {
  const { index, time, kind, actor, reason, purpose, outcome, statusValue, passport } = entry
  return {
    index,
    time: timeOf(time, words),
    kind: worded(words.kinds, kind),
    actor: worded(words.actors, actor),
    reason: worded(words.reasons, reason),
    purpose: worded(words.purposes, purpose),
    outcome: worded(words.outcomes, outcome),
    status: worded(words.statuses, statusValue),
    passport: worded(words.passports, passport),
  }
}

const worded = (words: Readonly<Record<string, string>>, word: string | undefined): string | undefined =>
  word === undefined ? undefined : (own(words, word) ?? word)

/** The time as the log wrote it: its text is taken apart and no zone asked. */
function timeOf(time: string, { months, time: form }: LogWording): string {
  const [, year, month, day, clock] = /^(\d{4})-(\d\d)-(\d\d)T(.{8})Z$/.exec(time) as unknown as string[]
  return fill(form, { year, month: months[Number(month) - 1] ?? month, day: Number(day), clock })
}

/** Whoever wrote the letter chose the subject: nothing in it may look like a line of ours, or turn the text around. */
const visible = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
