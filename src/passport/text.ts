/** Text as people type it, made comparable before it is judged. */

/**
 * The text in NFC, trimmed, with every run of white space as one space and every dash as `-`.
 *
 * Letters stay as they are: a Latin letter among Cyrillic ones is reported by `mixesScripts`, never replaced, and Ё
 * stays another letter than Е.
 */
export function normalizeText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Whether Latin and Cyrillic letters stand in one text, where some look alike. */
export function mixesScripts(text: string): boolean {
  return /\p{Script=Latin}/u.test(text) && /\p{Script=Cyrillic}/u.test(text)
}
