/**
 * The statuses of a W3C credential, which may stand in several lists: a Token Status List by its `status` claim, and a Bitstring
 * Status List for each purpose by its `credentialStatus`. All of them are asked.
 */
import type { JsonObject } from '../core/json.js'
import { bitstringForms } from '../formats/status-list/bitstring.js'
import { readBitstringReferences } from '../formats/status-list/bitstring-entry.js'
import { readStatusReference } from '../formats/status-list/reference.js'
import type { PassportProfile } from '../passport/profile.js'
import type { Examination } from './checks.js'
import type { Policy } from './policy.js'
import type { StatusAnswer, StatusChecker, StatusQuestion } from './status.js'
import {
  examineStatus,
  requireReference,
  type StatusFinding,
  type StatusPlace,
  type StatusSubject,
} from './status-check.js'

/**
 * Every place that a credential names, at least one where its passport demands it. Throws as `readStatusReference`,
 * `readBitstringReferences` and `requireReference`.
 */
export function readStatusPlaces(
  { status, credentialStatus }: JsonObject,
  profile: PassportProfile,
): readonly StatusPlace[] {
  const reference = readStatusReference(status)
  const entries = readBitstringReferences(credentialStatus)
  const places = entries.map(({ uri, index, purpose }) => ({
    reference: { uri, index },
    form: bitstringForms[purpose],
  }))
  const all = reference === undefined ? places : [{ reference }, ...places]
  requireReference(all[0]?.reference, profile)
  return all
}

/** Token Status List §8.3, Bitstring Status List §3.2, for every place; `examineStatus` for a credential with one. */
export function examineStatuses(
  examination: Examination,
  places: readonly StatusPlace[],
  subject: Pick<StatusSubject, 'signer' | 'type'>,
  policy: Policy,
): Promise<StatusFinding | undefined> {
  const [first = { reference: undefined }, ...others] = places
  const { status } = policy
  const checker = others.length === 0 || !('check' in status) ? status : askingAll(status, others)
  return examineStatus(examination, { ...first, ...subject }, { ...policy, status: checker })
}

/** A checker that asks another one for these places besides, and answers for all. */
const askingAll = (checker: StatusChecker, others: readonly StatusPlace[]): StatusChecker => ({
  async check(question) {
    const { form: _form, reference: _reference, ...shared } = question
    const answers = [await checker.check(question)]
    for (const place of others) answers.push(await checker.check({ ...shared, ...place } as StatusQuestion))
    return together(answers as [StatusAnswer, ...StatusAnswer[]])
  },
})

const sources = ['fetched', 'cached', 'snapshot'] as const

/** What is known of all: the first that is not valid, as old as the oldest, stale if any is, and from where the least is sure. */
function together(answers: readonly [StatusAnswer, ...StatusAnswer[]]): StatusAnswer {
  const [first, ...others] = answers
  const { value } = answers.find(answer => answer.value !== 0) ?? first
  const asOf = new Date(Math.min(...answers.map(answer => answer.asOf.getTime())))
  const source = sources[Math.max(...answers.map(answer => sources.indexOf(answer.source)))] ?? first.source
  for (const { token, tokenDigest } of others)
    if (typeof token !== 'string' || typeof tokenDigest !== 'string')
      throw new TypeError('`status.check` must return the token it read')
  return {
    ...first,
    value,
    asOf,
    source,
    stale: answers.some(answer => answer.stale === true),
    others: Object.fromEntries(others.map(({ token, tokenDigest }) => [tokenDigest, token])),
  }
}
