/** What must not be guessed: names, and which list of several is taken. */
import { randomBytes } from '#crypto'

const span = 2 ** 32

/** An integer from 0 up to, not including, `bound`, at most 2^32; each as likely as the other. */
export function randomBelow(bound: number, random: (length: number) => Uint8Array = randomBytes): number {
  for (;;) {
    const bytes = random(4)
    const value = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
    // The rest of the span would make the first numbers likelier than the last.
    if (value < span - (span % bound)) return value % bound
  }
}

/** 128 random bits, in letters and digits that survive every file system, whether or not it tells case apart. */
export const randomName = (): string => Array.from(randomBytes(16), byte => byte.toString(16).padStart(2, '0')).join('')

/** 55 random bits in as few such characters as it takes: the name of a list travels in every credential, and in every QR code. */
export const randomListName = (): string => Array.from(randomBytes(11), byte => listNameLetters[byte % 32]).join('')

/** Of base32 (RFC 4648 §6), in lower case. */
const listNameLetters = 'abcdefghijklmnopqrstuvwxyz234567'
