/** SD-JWT VC §2.2.2.2: claims that every verifier must see. */
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../src/core/json.js'
import { unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import {
  protectedClaims,
  refuseDisclosedProtectedClaims,
  refuseHidingProtectedClaims,
} from '../../../src/formats/sd-jwt/vc.js'
import { hiddenElement, hiddenMember, received, refusal } from './craft.js'

it('names them all', () => {
  expect([...protectedClaims].sort()).toEqual([
    'aka_vcts',
    'cnf',
    'exp',
    'iss',
    'nbf',
    'status',
    'vct',
    'vct#integrity',
  ])
})

describe.each(protectedClaims)('%s', name => {
  const refused = { code: 'claim_not_disclosable', at: name }

  it('is refused when it was disclosed', async () => {
    const member = await hiddenMember(name, 1)
    const unpacked = await unpackSdJwt(received({ _sd: [member.digest] }), [member.disclosure])
    expect(await refusal(() => refuseDisclosedProtectedClaims(unpacked))).toMatchObject(refused)
  })

  it('is refused when a part of it was disclosed, member or element, however deep', async () => {
    const member = await hiddenMember('part', 1)
    const element = await hiddenElement(1)
    const places: readonly [JsonValue, string][] = [
      [{ _sd: [member.digest] }, member.disclosure],
      [{ deep: [{ _sd: [member.digest] }] }, member.disclosure],
      [[{ '...': element.digest }], element.disclosure],
    ]
    for (const [value, disclosure] of places) {
      const unpacked = await unpackSdJwt(received({ [name]: value }), [disclosure])
      expect(await refusal(() => refuseDisclosedProtectedClaims(unpacked))).toMatchObject(refused)
    }
  })

  it('is refused when a part of it can be withheld, even if it was', async () => {
    const member = await hiddenMember('part', 1)
    const unpacked = await unpackSdJwt(received({ [name]: { clear: 1, _sd: [member.digest] } }), [])
    expect(await refusal(() => refuseDisclosedProtectedClaims(unpacked))).toMatchObject(refused)
  })

  it('cannot be hidden by the issuer, whole or in part', async () => {
    for (const path of [[name], [name, 'part'], [name, null], [name, 0, 'part']])
      expect(await refusal(() => refuseHidingProtectedClaims([['sub'], path]))).toMatchObject(refused)
  })

  it('is accepted in the clear', async () => {
    const member = await hiddenMember('sub', 1)
    const payload = received({ [name]: { part: 1 }, _sd: [member.digest] })
    refuseDisclosedProtectedClaims(await unpackSdJwt(payload, [member.disclosure]))
  })
})

describe('other claims', () => {
  it.each(['sub', 'iat', 'given_name', 'vct#Integrity', 'toString'])('%s may be hidden', async name => {
    const member = await hiddenMember(name, 1)
    refuseDisclosedProtectedClaims(await unpackSdJwt(received({ _sd: [member.digest] }), [member.disclosure]))
    refuseHidingProtectedClaims([[name], [name, 'part']])
  })

  it('may have members and parts that bear a protected name', async () => {
    const member = await hiddenMember('status', 'married')
    const payload = received({ family: { _sd: [member.digest] } })
    refuseDisclosedProtectedClaims(await unpackSdJwt(payload, [member.disclosure]))
    refuseHidingProtectedClaims([['family', 'status']])
  })
})
