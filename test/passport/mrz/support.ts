/** What the tests of zones share. */
import type { MrzIssue } from '../../../src/passport/mrz/result.js'

/** A day on which every document of the vectors is in use. */
export const now = () => new Date('2026-11-22T12:00:00Z')

/** One line per finding: `birthDate checksum`. */
export const found = (result: { readonly ok: boolean; readonly issues?: readonly MrzIssue[] }) =>
  (result.issues ?? []).map(({ path, code }) => `${path.join('.')} ${code}`)

/** The line with other characters from a place on, counted from 1. */
export const changed = (line: string, place: number, characters: string) =>
  line.slice(0, place - 1) + characters + line.slice(place - 1 + characters.length)
