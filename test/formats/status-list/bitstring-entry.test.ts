/** Entries in Bitstring Status Lists, as a credential holds them; the rules of one entry stand in test/verification/vc-status.test.ts. */
import { describe, expect, it } from 'vitest'
import { readBitstringReferences, writeBitstringEntries } from '../../../src/formats/status-list/bitstring-entry.js'

const bitstring = { revocation: 'https://status.example/r', suspension: 'https://status.example/s' }

describe('entries in bitstring lists', () => {
  it('read as they were written, one for each list', () => {
    for (const index of [0, 7, 131_071, Number.MAX_SAFE_INTEGER]) {
      const entries = writeBitstringEntries({ uri: 'https://status.example/1', index, bitstring })
      expect(readBitstringReferences(entries)).toEqual([
        { uri: bitstring.revocation, index, purpose: 'revocation' },
        { uri: bitstring.suspension, index, purpose: 'suspension' },
      ])
      expect(readBitstringReferences(entries[0])).toHaveLength(1)
    }
  })

  it('are none where the reference names no lists, or the credential nothing', () => {
    expect(writeBitstringEntries({ uri: 'https://status.example/1', index: 7 })).toEqual([])
    expect(readBitstringReferences(undefined)).toEqual([])
  })

  it.each([[[]], [[[]]], ['entry'], [7], [null], [[null]], [{}.toString]])('are not %j', value => {
    expect(() => readBitstringReferences(value as never)).toThrow(
      expect.objectContaining({ code: 'status_malformed', at: 'credentialStatus' }),
    )
  })
})
