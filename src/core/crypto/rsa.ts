/** RSA public keys under which a signature proves too little, and salts that no signature has (RFC 8017 §3.1, §9.1.1). */
import { VidimusError } from '../../errors.js'
import type { RsaScheme } from './backend.js'

/** Keys below 2048 bits can be broken, keys beyond 8192 cost more than a certificate is worth; an exponent of 1 signs nothing. */
export function refuseWeakRsaKey(bits = 0, exponent = 0n): void {
  if (bits < 2048 || bits > 8192) throw new VidimusError('key_invalid', { at: 'modulus' })
  if (exponent < 3n || exponent % 2n === 0n) throw new VidimusError('key_invalid', { at: 'exponent' })
}

/** Whether there is room for the salt. The platforms throw beyond, and read negative lengths as "any". */
export function saltFits({ hash, pss }: RsaScheme, bits = 0): boolean {
  if (pss === undefined) return true
  const hashBytes = Number(hash.slice(-3)) / 8
  const room = Math.ceil((bits - 1) / 8) - hashBytes - 2
  return Number.isInteger(pss.saltLength) && pss.saltLength >= 0 && pss.saltLength <= room
}
