/**
 * Where `@sd-jwt/sd-jwt-vc` says yes and we say no. Each row is rightly signed by issuer and holder, and wrong in one
 * thing. That they still accept it is asserted too: when they no longer do, the row has served its time here.
 */
import { expect, it } from 'vitest'
import { verifySdJwtPresentation } from '../../../src/verification/sd-jwt.js'
import { day, forge } from '../../forge.js'
import { expectRefusal, summary } from '../../refusal.js'
import { expectations, issuer, makeWorld, seconds } from '../../world.js'
import { makePeer, withKeyBinding } from './peer.js'

const world = await makeWorld()
const peer = makePeer(world)

it('both accept the honest presentation', async () => {
  const honest = await forge(world)
  expect(summary(await verifySdJwtPresentation(honest, expectations(world)))).toBe('accepted')
  await expect(peer.verify(honest, withKeyBinding)).resolves.toMatchObject({ payload: { family_name: 'Specimen' } })
})

it.each<[string, Parameters<typeof forge>[1], string]>([
  ['a type of another kind of token', { header: { typ: 'JWT' } }, 'jws_type_mismatch at structure'],
  ['no type at all', { header: { typ: undefined } }, 'jws_type_mismatch at structure'],
  ['an extension that must be understood', { header: { crit: ['exp'] } }, 'crit_unsupported at structure'],
  ['no type of credential', { payload: { vct: undefined } }, 'claim_missing at type'],
  [
    'a claim twice',
    {
      payloadText: JSON.stringify({
        iss: issuer,
        exp: seconds + day,
        vct: 'https://guild.example/card/1',
        cnf: { jwk: world.holder.publicJwk },
        _sd: [],
        rank: 7,
      }).replace('"rank":7', '"rank":7,"rank":8'),
      disclosures: () => [],
    },
    'json_duplicate_member at structure',
  ],
  ['an end of validity as text', { payload: { exp: String(seconds - day) } }, 'claim_malformed at validity'],
  [
    'an end of validity that is hidden',
    { payload: { exp: undefined }, hidden: { exp: seconds + day } },
    'claim_not_disclosable at protected_claims',
  ],
  [
    'an issuer that is hidden',
    { payload: { iss: undefined }, hidden: { iss: issuer } },
    'claim_not_disclosable at protected_claims',
  ],
  [
    'a key binding for another verifier',
    { binding: { aud: 'https://other.example' } },
    'key_binding_audience_mismatch at key_binding_audience',
  ],
  [
    'a key binding of a year ago',
    { payload: { iat: seconds - 400 * day }, binding: { iat: seconds - 365 * day } },
    'key_binding_too_old at key_binding_time',
  ],
])('we refuse %s, and they do not', async (_, changes, refusal) => {
  const text = await forge(world, changes)
  await expect(peer.verify(text, withKeyBinding)).resolves.toHaveProperty('kb')
  const verdict = await verifySdJwtPresentation(text, expectations(world))
  expectRefusal(verdict, text)
  expect(summary(verdict)).toBe(refusal)
})
