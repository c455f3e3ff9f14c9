import { describe, expect, it } from 'vitest'
import { decodeJws } from '../../../src/core/jws.js'
import { readLimits } from '../../../src/core/limits.js'
import { isVcToken, requireVcType } from '../../../src/formats/vc-jwt/token.js'
import { encode } from '../../forge.js'

const token = (header: unknown) => `${encode(JSON.stringify(header))}.e30.AAAA`

describe('a token of a W3C credential or presentation', () => {
  it.each(['vc+jwt', 'vc+sd-jwt', 'vp+jwt'])('is known by its type %s', typ => {
    expect(isVcToken(token({ typ }))).toBe(true)
    expect(isVcToken(`${token({ typ })}~x~`)).toBe(true)
  })

  it.each([
    ['another type', token({ typ: 'dc+sd-jwt' })],
    ['a type in other letters', token({ typ: 'VC+JWT' })],
    ['a media type', token({ typ: 'application/vc+jwt' })],
    ['the type of an older draft', token({ typ: 'vc+ld+jwt' })],
    ['a selectively disclosed presentation', token({ typ: 'vp+sd-jwt' })],
    ['no type', token({})],
    ['no JSON', `${encode('x')}.e30.AAAA`],
    ['no object', token([])],
    ['no base64url', '{"typ":"vc+jwt"}.e30.AAAA'],
    ['no separator', encode('{"typ":"vc+jwt"}')],
    ['nothing', ''],
    ['no text', undefined],
    ['bytes', new Uint8Array(8)],
  ])('is not %s', (_, text) => {
    expect(isVcToken(text)).toBe(false)
  })

  it('is not one whose header is beyond its limit', () => {
    const text = token({ typ: 'vc+jwt', x: 'x'.repeat(1000) })
    expect(isVcToken(text)).toBe(true)
    expect(isVcToken(text, readLimits({ headerBytes: 500 }))).toBe(false)
  })

  it.each([
    [{ typ: 'vc+jwt' }, 'vc+jwt', 'accepted'],
    [{ typ: 'vc+jwt', cty: 'vc' }, 'vc+jwt', 'accepted'],
    [{ typ: 'vc+sd-jwt', cty: 'vc' }, 'vc+sd-jwt', 'accepted'],
    [{ typ: 'vp+jwt', cty: 'vp' }, 'vp+jwt', 'accepted'],
    [{ typ: 'vc+sd-jwt' }, 'vc+jwt', 'jws_type_mismatch (typ)'],
    [{ typ: 'vp+jwt' }, 'vc+jwt', 'jws_type_mismatch (typ)'],
    [{ typ: 'vc+jwt', cty: 'vp' }, 'vc+jwt', 'jws_type_mismatch (cty)'],
    [{ typ: 'vp+jwt', cty: 'vc' }, 'vp+jwt', 'jws_type_mismatch (cty)'],
    [{ typ: 'vc+jwt', cty: null }, 'vc+jwt', 'jws_type_mismatch (cty)'],
  ] as const)('with header %j is taken as %s: %s', (header, typ, expected) => {
    let found = 'accepted'
    try {
      requireVcType(decodeJws(token(header)), typ)
    } catch (error) {
      found = (error as Error).message
    }
    expect(found).toBe(expected)
  })
})
