/** A long number modulo a small one, digit by digit: identifiers are never turned into floating-point numbers. */
export const remainder = (digits: string, modulus: number): number =>
  [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % modulus, 0)
