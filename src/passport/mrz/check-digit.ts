/** The check digit of machine-readable zones (ICAO Doc 9303 part 3 §4.9). */

const values = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * The check digit over digits, Latin capitals and `<`: weights 7, 3, 1, sum modulo 10.
 * Any other character counts for nothing: whoever reads lines looks at their alphabet first.
 * @example mrzCheckDigit('520727') // '3'
 */
export function mrzCheckDigit(text: string): string {
  const weights = [7, 3, 1]
  const sum = [...text].reduce((total, character, place) => {
    return total + weights[place % 3]! * Math.max(values.indexOf(character), 0)
  }, 0)
  return `${sum % 10}`
}
