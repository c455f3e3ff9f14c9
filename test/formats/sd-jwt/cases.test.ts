/**
 * The test cases of sd-jwt-python and sd-jwt-js and the inputs of the specifications' examples, each issued, shown and unpacked
 * here: they say what is hidden and what is shown, and most of them what must come out.
 */
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../src/core/json.js'
import { packSdJwt } from '../../../src/formats/sd-jwt/pack.js'
import type { ClaimPath } from '../../../src/formats/sd-jwt/path.js'
import { selectDisclosures } from '../../../src/formats/sd-jwt/select.js'
import { unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import { type Frame, framePaths, type Marked, markedPaths, shown, unmarked } from './marked.js'

interface MarkedCase {
  readonly user_claims: Marked
  readonly holder_disclosed_claims: Frame
  readonly expect_verified_user_claims?: JsonValue
}

interface FramedCase {
  readonly claims: JsonObject
  readonly disclosureFrame: Marked
  readonly presentationFrames: Frame
  readonly presentedClaims: JsonObject
}

const python = import.meta.glob<MarkedCase>('../../vectors/sd-jwt/python-testcases/*/specification.json', {
  eager: true,
  import: 'default',
})
const rfc = import.meta.glob<MarkedCase>('../../vectors/sd-jwt/spec-inputs/*/specification.json', {
  eager: true,
  import: 'default',
})
const vc = import.meta.glob<MarkedCase>('../../vectors/sd-jwt-vc/spec-inputs/*/specification.json', {
  eager: true,
  import: 'default',
})
const owf = import.meta.glob<FramedCase>('../../vectors/sd-jwt/owf-cases/*.json', { eager: true, import: 'default' })

const named = <T>(cases: Record<string, T>): [string, T][] =>
  Object.entries(cases).map(([path, one]) => [
    path.split('/').slice(-2).join('/').replace('/specification.json', ''),
    one,
  ])

/** Issues `claims`, checks that the holder gets them all, shows `frame` and returns what the verifier gets. */
async function throughThreeHands(claims: JsonObject, hide: readonly ClaimPath[], frame: Frame): Promise<JsonObject> {
  const { payload, disclosures } = await packSdJwt(claims, { hide, decoys: 1 })
  const held = await unpackSdJwt(payload, disclosures)
  expect(held.claims).toEqual(claims)
  const { indexes, missing } = selectDisclosures(held, framePaths(claims, frame))
  expect(missing).toEqual([])
  const presented = await unpackSdJwt(
    payload,
    indexes.map(index => disclosures[index]!),
  )
  return presented.claims
}

it('the cases are all there', () => {
  expect([python, rfc, vc, owf].map(cases => Object.keys(cases).length)).toEqual([12, 9, 2, 8])
})

describe.each([
  ['sd-jwt-python', python],
  ['RFC 9901 inputs', rfc],
  ['SD-JWT VC inputs', vc],
])('%s', (_, cases) => {
  it.each(named(cases))('%s', async (_, { user_claims: marked, holder_disclosed_claims: frame, ...rest }) => {
    const claims = unmarked(marked) as JsonObject
    const expected = rest.expect_verified_user_claims ?? shown(marked, frame)
    expect(shown(marked, frame)).toEqual(expected)
    expect(await throughThreeHands(claims, markedPaths(marked), frame)).toEqual(expected)
  })
})

describe('sd-jwt-js', () => {
  /** The paths in a disclosure frame: `_sd` lists what is hidden, other names lead inside. */
  function hiddenIn(claims: JsonValue, frame: Marked): readonly ClaimPath[] {
    const { _sd: hidden = [], _sd_decoy: _, ...inner } = frame as { _sd?: (string | number)[] } & Record<string, Marked>
    const own = hidden.map(key => [key])
    const deeper = Object.entries(inner).flatMap(([name, deep]) => {
      const key = Array.isArray(claims) ? Number(name) : name
      return hiddenIn((claims as Record<string | number, JsonValue>)[key]!, deep).map(path => [key, ...path])
    })
    return [...own, ...deeper]
  }

  it.each(named(owf))('%s', async (name, { claims, disclosureFrame, presentationFrames, presentedClaims }) => {
    // §7.3 removes no object that is left empty; this case leaves it out. See SKIPS.md.
    const expected = name === 'owf-cases/array_none_disclosed.json' ? { is_over: {} } : presentedClaims
    expect(await throughThreeHands(claims, hiddenIn(claims, disclosureFrame), presentationFrames)).toEqual(expected)
  })
})
