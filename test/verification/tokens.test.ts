/** Hostile tokens: one row for each rule of JOSE, JSON and SD-JWT VC that a presentation can break. */
import { describe, expect, it } from 'vitest'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { definePassport } from '../../src/passport/definition.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { day, digest, encode, forge, part, uncanonical } from '../forge.js'
import { isDeepFrozen, reasons } from '../refusal.js'
import { expectations, guildCard, makeWorld, seconds, type World } from '../world.js'
import { expectSummaries, type Row, refuses, walletDemands } from './table.js'

const world = await makeWorld()

const labelled = (signer: Signer, alg: string): Signer => ({ ...signer, alg: alg as Signer['alg'] })

describe('a forged presentation without changes', () => {
  it('is accepted, so that every refusal below has the one reason its row gives', async () => {
    await expectSummaries(await forge(world), expectations(world), 'accepted')
  })
})

describe('the algorithm', () => {
  refuses(world, [
    ...[undefined, null, 'none', 'None', 'HS256', 'RS256', 'PS256', 'ES256K', 'es256', 'ES256 ', 7, ['ES256']].map(
      (alg): Row => [`alg ${JSON.stringify(alg)}`, { header: { alg } }, 'alg_not_allowed at structure'],
    ),
    ['alg of another curve', { header: { alg: 'ES384' } }, 'alg_not_allowed at issuer_trusted'],
    ['alg of another kind of key', { header: { alg: 'EdDSA' } }, 'alg_not_allowed at issuer_trusted'],
  ])
  refuses(world, [['an algorithm that this verifier does not take', {}, 'alg_not_allowed at structure']], {
    algorithms: ['ES384', 'EdDSA'],
  } as object)
})

describe('the type and the extensions', () => {
  const types = [undefined, null, 7, '', 'JWT', 'vp+sd-jwt', 'DC+SD-JWT', 'dc+sd-jwt ', 'application/dc+sd-jwt']
  const others = ['kb+jwt', 'statuslist+jwt', 'oauth-authz-req+jwt', 'openid4vci-proof+jwt', 'example+sd-jwt']
  refuses(world, [
    ...[...types, ...others].map(
      (typ): Row => [`typ ${JSON.stringify(typ)}`, { header: { typ } }, 'jws_type_mismatch at structure'],
    ),
    ...[['exp'], ['b64'], [], null, 'exp'].map(
      (crit): Row => [`crit ${JSON.stringify(crit)}`, { header: { crit } }, 'crit_unsupported at structure'],
    ),
    ...[false, true, null].map((b64): Row => [`b64 ${b64}`, { header: { b64 } }, 'crit_unsupported at structure']),
  ])
})

describe('JSON', () => {
  const payloadText = (text: string): Row[1] => ({ payloadText: text })
  const deep = (depth: number) => `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`
  refuses(world, [
    [
      'a member that stands twice in the header',
      { headerText: '{"alg":"ES256","typ":"dc+sd-jwt","alg":"ES256"}' },
      'json_duplicate_member at structure',
    ],
    [
      'a member that stands twice in the payload',
      payloadText('{"vct":"a","vct":"a"}'),
      'json_duplicate_member at structure',
    ],
    [
      'a member that stands twice in other writing',
      payloadText('{"vct":"a","vc\\u0074":"a"}'),
      'json_duplicate_member at structure',
    ],
    [
      'a member that stands twice deep inside',
      payloadText('{"x":[{"y":{"z":1,"z":1}}]}'),
      'json_duplicate_member at structure',
    ],
    [
      'a member that stands twice in a disclosure',
      { hiddenTexts: ['["salt","title",{"a":1,"a":2}]'] },
      'json_duplicate_member at disclosures',
    ],
    ['a header that is a list', { headerText: '[]' }, 'json_invalid at structure'],
    ['a payload that is a list', payloadText('[]'), 'json_invalid at structure'],
    ['a payload that is text', payloadText('"{}"'), 'json_invalid at structure'],
    ['an empty payload', payloadText(' '), 'json_invalid at structure'],
    ['a second value after the payload', payloadText('{} {}'), 'json_invalid at structure'],
    ['a byte order mark', payloadText('\ufeff{}'), 'json_invalid at structure'],
    ['a comment', payloadText('{}//'), 'json_invalid at structure'],
    ['NaN', payloadText('{"exp":NaN}'), 'json_invalid at structure'],
    ['a number beyond the range', payloadText('{"exp":1e400}'), 'json_invalid at structure'],
    ['an integer that no double holds', payloadText('{"exp":9007199254740993}'), 'json_invalid at structure'],
    ['half a character', payloadText('{"vct":"\\ud800"}'), 'json_invalid at structure'],
    ['a payload that is too deep', payloadText(deep(16)), 'limit_exceeded at structure'],
    ['a header that is too deep', { headerText: deep(16) }, 'limit_exceeded at structure'],
    ['a header that is too large', { header: { x: 'x'.repeat(128 * 1024) } }, 'limit_exceeded at structure'],
    ['too many values', payloadText(`{"x":[${'0,'.repeat(65_536)}0]}`), 'limit_exceeded at structure'],
    ['bytes that are no UTF-8', { jwt: part(1, () => 'gICA') }, 'encoding_invalid at structure'],
  ])
})

describe('the writing of the parts', () => {
  const named = { header: 0, payload: 1, signature: 2 } as const
  const writings: readonly (readonly [string, (text: string) => string])[] = [
    ['left-over bits', text => uncanonical(text)],
    ['padding', text => `${text}=`],
    ['a space', text => `${text} `],
    ['a line break', text => `${text.slice(0, 8)}\n${text.slice(8)}`],
    ['the other alphabet', text => `+${text.slice(1)}`],
    ['a character whose low byte is a letter', text => `${text.slice(0, -1)}\u0141`],
  ]
  for (const [name, index] of Object.entries(named) as [keyof typeof named, 0 | 1 | 2][])
    refuses(
      world,
      writings.map(([writing, write]): Row => {
        return [`${writing} in the ${name}`, { jwt: part(index, write) }, 'encoding_invalid at structure']
      }),
    )
  refuses(world, [
    [
      'left-over bits in a disclosure',
      { hiddenRaw: [uncanonical(encode('["salt","titl",1]'))] },
      'encoding_invalid at disclosures',
    ],
    ['padding in a disclosure', { hiddenRaw: [`${encode('["salt","tit",1]')}=`] }, 'encoding_invalid at disclosures'],
    [
      'the other alphabet in a disclosure',
      { hiddenRaw: [`+${encode('["salt","title",1]').slice(1)}`] },
      'encoding_invalid at disclosures',
    ],
    ['a disclosure that is no UTF-8', { hiddenRaw: ['gICA'] }, 'encoding_invalid at disclosures'],
  ])
})

describe('the separators', () => {
  const keyless = { binding: false } as const
  refuses(world, [
    ['a space before', { whole: text => ` ${text}` }, 'encoding_invalid at structure'],
    ['a line break behind', { whole: text => `${text}\n` }, 'encoding_invalid at key_binding'],
    ['a separator before', { whole: text => `~${text}` }, 'sd_jwt_malformed at structure'],
    ['two separators together', { whole: text => text.replace('~', '~~') }, 'sd_jwt_malformed at structure'],
    ['separators alone', { whole: () => '~' }, 'sd_jwt_malformed at structure'],
    ['a separator behind the key binding', { whole: text => `${text}~` }, 'sd_jwt_unused_disclosure at disclosures'],
    ['a separator behind none', { ...keyless, whole: text => `${text}~` }, 'sd_jwt_malformed at structure'],
    ['two parts', { jwt: jwt => jwt.split('.').slice(0, 2).join('.') }, 'jws_malformed at structure'],
    ['four parts', { jwt: jwt => `${jwt}.AAAA` }, 'jws_malformed at structure'],
    ['five parts, as a JWE has', { jwt: jwt => `${jwt}.AAAA.AAAA` }, 'jws_malformed at structure'],
    ['no header', { jwt: part(0, () => '') }, 'jws_malformed at structure'],
    ['a plain JWT', { ...keyless, whole: text => text.split('~')[0]! }, 'format_not_expected at format'],
    ['a JWE', { whole: () => 'e30.AAAA.AAAA.AAAA.AAAA' }, 'format_unknown at format'],
    ['JSON', { whole: () => '{"payload":"e30","signatures":[]}' }, 'format_unknown at format'],
    ['an empty text', { whole: () => '' }, 'format_unknown at format'],
  ])
})

describe('the signature of the issuer', async () => {
  const attacker = await generateSigner('ES256')
  const signature = (text: string): Row[1] => ({ jwt: part(2, () => text) })
  const ones = `${'A'.repeat(42)}E` // 32 bytes, the last of them 1
  const order = '_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE'
  refuses(world, [
    ['another key', { signer: attacker }, 'signature_invalid at issuer_signature'],
    ['the key of the holder', ({ holder }) => ({ signer: holder }), 'signature_invalid at issuer_signature'],
    [
      'a key that the token brings',
      { signer: attacker, header: { jwk: attacker.publicJwk } },
      'signature_invalid at issuer_signature',
    ],
    [
      'an address of keys',
      { signer: attacker, header: { jku: 'https://evil.example/jwks' } },
      'signature_invalid at issuer_signature',
    ],
    [
      'an address of certificates',
      { signer: attacker, header: { x5u: 'https://evil.example/x5c' } },
      'signature_invalid at issuer_signature',
    ],
    [
      'a certificate that the token brings',
      { signer: attacker, header: { x5c: ['MAA='] } },
      'signature_invalid at issuer_signature',
    ],
    ['a signature cut short', { jwt: jwt => jwt.slice(0, -1) }, 'encoding_invalid at structure'],
    ['no signature', signature(''), 'signature_invalid at issuer_signature'],
    ['a signature of zeros', signature('A'.repeat(86)), 'signature_invalid at issuer_signature'],
    ['a signature of ones', signature(encodeTwice(ones)), 'signature_invalid at issuer_signature'],
    ['a signature of the order', signature(encodeTwice(order)), 'signature_invalid at issuer_signature'],
    [
      'a signature that is too short',
      { jwt: part(2, text => text.slice(0, 84)) },
      'signature_invalid at issuer_signature',
    ],
    [
      'a signature that is too long',
      { jwt: part(2, text => `${text.slice(0, 84)}AAAA`) },
      'signature_invalid at issuer_signature',
    ],
    [
      'a payload changed afterwards',
      { jwt: part(1, () => encode('{"vct":"https://guild.example/card/1","rank":1}')) },
      'signature_invalid at issuer_signature',
    ],
    [
      'a header changed afterwards',
      { jwt: part(0, () => encode('{"alg":"ES256","typ":"dc+sd-jwt","kid":"x"}')) },
      'signature_invalid at issuer_signature',
    ],
    [
      'a wrong label of the right key',
      { signer: labelled(world.signer, 'ES512') },
      'alg_not_allowed at issuer_trusted',
    ],
  ])

  it('takes no notice of keys and addresses in the header of an honest token', async () => {
    const header = {
      jwk: attacker.publicJwk,
      jku: 'https://evil.example',
      x5u: 'file:///etc/passwd',
      kid: '../../secret',
    }
    await expectSummaries(await forge(world, { header }), expectations(world), 'accepted')
  })
})

/** 64 bytes: a coordinate of 32 bytes twice. */
function encodeTwice(coordinate: string): string {
  const bytes = atob(`${coordinate.replaceAll('-', '+').replaceAll('_', '/')}=`)
  return btoa(bytes + bytes)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

describe('the times', () => {
  const bad = ['1700000000', null, true, -1, 9e15, 253_402_300_800, [1700000000], { value: 1700000000 }, '']
  refuses(world, [
    ...['exp', 'nbf', 'iat'].flatMap(name =>
      bad.map(
        (value): Row => [
          `${name} ${JSON.stringify(value)}`,
          { payload: { [name]: value } },
          'claim_malformed at validity',
        ],
      ),
    ),
    ['a credential that expired', { payload: { exp: seconds - 61 } }, 'credential_expired at validity'],
    [
      'a credential at the second it is beyond tolerance',
      { payload: { exp: seconds - 60 } },
      'credential_expired at validity',
    ],
    ['a credential of 1970', { payload: { exp: 0 } }, 'credential_expired at validity'],
    ['a credential of tomorrow', { payload: { nbf: seconds + 61 } }, 'credential_not_yet_valid at validity'],
    [
      'a credential issued in the future',
      { payload: { iat: seconds + 61 } },
      'credential_issued_in_future at validity',
    ],
    [
      'an expiry that was hidden and is disclosed',
      { payload: { exp: undefined }, hidden: { exp: seconds - 61 } },
      'claim_not_disclosable at protected_claims',
    ],
    [
      'a hidden time of issue in the future',
      { payload: { iat: undefined }, hidden: { iat: seconds + 61 } },
      'credential_issued_in_future at validity',
    ],
  ])

  it('accepts what lies within the tolerance, to the second', async () => {
    for (const payload of [
      { exp: seconds - 59 },
      { nbf: seconds + 60 },
      { iat: seconds + 60 },
      { exp: undefined, iat: undefined },
      { exp: 253_402_300_799, nbf: 0, iat: 0 },
    ])
      await expectSummaries(await forge(world, { payload }), expectations(world), 'accepted')
  })

  it('holds the tolerance to what the verifier said', async () => {
    const strict = { ...expectations(world), clockTolerance: 0 }
    for (const [payload, code] of [
      [{ exp: seconds }, 'credential_expired at validity'],
      [{ nbf: seconds + 1 }, 'credential_not_yet_valid at validity'],
      [{ iat: seconds + 1 }, 'credential_issued_in_future at validity'],
      [{ exp: seconds + 1, nbf: seconds, iat: seconds }, 'accepted'],
    ] as const)
      await expectSummaries(await forge(world, { payload }), strict, code)
  })

  it('says until when the credential is valid, and nothing where it does not say', async () => {
    const limited = await verifySdJwtPresentation(await forge(world), expectations(world))
    expect(limited.ok && limited.validUntil).toEqual(new Date((seconds + day) * 1000))
    const unlimited = await verifySdJwtPresentation(
      await forge(world, { payload: { exp: undefined } }),
      expectations(world),
    )
    expect(unlimited.ok && !Object.hasOwn(unlimited, 'validUntil')).toBe(true)
  })
})

describe('claims that every verifier must see', () => {
  const moved = (name: string, value: unknown): Row => [
    `a hidden ${name}`,
    { payload: { [name]: undefined }, hidden: { [name]: value } },
    name === 'vct' ? 'claim_not_disclosable at type' : 'claim_not_disclosable at protected_claims',
  ]
  const within = (name: string, member: string, value: unknown, rest: object = {}): Row => [
    `${name} with a hidden ${member}`,
    async () => {
      const disclosure = encode(JSON.stringify(['salt', member, value]))
      return {
        payload: { [name]: { ...rest, _sd: [await digest(disclosure)] } },
        disclosures: honest => [...honest, disclosure],
      }
    },
    'claim_not_disclosable at protected_claims',
  ]
  refuses(world, [
    moved('iss', 'https://passport.example'),
    moved('nbf', seconds - 1),
    moved('exp', seconds + day),
    moved('cnf', { jwk: world.holder.publicJwk }),
    moved('vct', 'https://guild.example/card/1'),
    moved('vct#integrity', 'sha256-AAAA'),
    moved('aka_vcts', ['https://guild.example/card/2']),
    moved('status', { status_list: { idx: 1, uri: 'https://lists.example/1' } }),
    within('cnf', 'jwk', world.holder.publicJwk),
    within('cnf', 'kid', 'other', { jwk: world.holder.publicJwk }),
    within('status', 'status_list', { idx: 1, uri: 'https://lists.example/1' }),
    [
      'cnf with a digest that nothing was disclosed for',
      async ({ holder }) => ({ payload: { cnf: { jwk: holder.publicJwk, _sd: [await digest('decoy')] } } }),
      'claim_not_disclosable at protected_claims',
    ],
    [
      'a hidden element of aka_vcts',
      async () => {
        const disclosure = encode('["salt","https://guild.example/card/2"]')
        return {
          payload: { aka_vcts: [{ '...': await digest(disclosure) }] },
          disclosures: honest => [...honest, disclosure],
        }
      },
      'claim_not_disclosable at type',
    ],
  ])
})

describe('the type of credential', () => {
  const card = 'https://guild.example/card/1'
  refuses(world, [
    ['no vct', { payload: { vct: undefined } }, 'claim_missing at type'],
    ...['', 7, null, [card], { id: card }].map(
      (vct): Row => [`vct ${JSON.stringify(vct)}`, { payload: { vct } }, 'claim_malformed at type'],
    ),
    ...['https://guild.example/card/2', `${card}/`, card.toUpperCase(), ` ${card}`, '__proto__', 'guild-card'].map(
      (vct): Row => [`vct ${vct}`, { payload: { vct } }, 'type_not_expected at type'],
    ),
    ...[[], null, 'https://other.example', [card], [7], [''], {}, [null]].map(
      (others): Row => [
        `aka_vcts ${JSON.stringify(others)}`,
        { payload: { aka_vcts: others } },
        'claim_malformed at type',
      ],
    ),
    [
      'other types that are not expected either',
      { payload: { vct: 'a', aka_vcts: ['b', 'c'] } },
      'type_not_expected at type',
    ],
  ])

  it('takes a credential by one of its further types', async () => {
    const text = await forge(world, { payload: { vct: 'https://union.example/card', aka_vcts: ['x', card] } })
    await expectSummaries(text, expectations(world), 'accepted')
  })
})

describe('disclosures', () => {
  const hidden = (json: string, code: string): Row => [
    `the disclosure ${json}`,
    { hiddenTexts: [json] },
    `${code} at disclosures`,
  ]
  const element = (disclosure: string) => async () => ({
    payload: { list: [{ '...': await digest(disclosure) }] },
    disclosures: (honest: readonly string[]) => [...honest, disclosure],
  })
  const nested = async (depth: number) => {
    let value: unknown = 1
    const texts: string[] = []
    for (let level = 0; level < depth; level++) {
      const text = encode(JSON.stringify([`salt ${level}`, 'x', value]))
      texts.push(text)
      value = { _sd: [await digest(text)] }
    }
    return { payload: { nest: value }, disclosures: (honest: readonly string[]) => [...honest, ...texts] }
  }
  const digests = async (...texts: string[]) => Promise.all(texts.map(digest))
  refuses(world, [
    hidden('{}', 'sd_jwt_disclosure_malformed'),
    hidden('"salt"', 'sd_jwt_disclosure_malformed'),
    hidden('["salt"]', 'sd_jwt_disclosure_malformed'),
    hidden('["salt","title",1,2]', 'sd_jwt_disclosure_malformed'),
    hidden('[7,"title",1]', 'sd_jwt_disclosure_malformed'),
    hidden('["salt",7,1]', 'sd_jwt_disclosure_malformed'),
    hidden('["salt",null,1]', 'sd_jwt_disclosure_malformed'),
    hidden('["salt","an element"]', 'sd_jwt_disclosure_malformed'),
    hidden('["salt","_sd",[]]', 'sd_jwt_reserved_name'),
    hidden('["salt","...","x"]', 'sd_jwt_reserved_name'),
    hidden('["salt","_sd_alg","md5"]', 'sd_jwt_reserved_name'),
    hidden('["salt","__proto__",{"rank":8}]', 'sd_jwt_reserved_name'),
    hidden('["salt","rank",8]', 'sd_jwt_duplicate_name'),
    hidden('["salt","family_name","Other"]', 'sd_jwt_duplicate_name'),
    hidden('["salt","title",{"_sd":"x"}]', 'sd_jwt_digest_malformed'),
    hidden('["salt","title",{"_sd_alg":"sha-256"}]', 'sd_jwt_reserved_name'),
    hidden('["salt","title",{"...":"x"}]', 'sd_jwt_placeholder_malformed'),
    [
      'a member where an element belongs',
      element(encode('["salt","title",1]')),
      'sd_jwt_disclosure_malformed at disclosures',
    ],
    [
      'a disclosure that nothing stands for',
      { disclosures: honest => [...honest, encode('["s","title",1]')] },
      'sd_jwt_unused_disclosure at disclosures',
    ],
    [
      'a disclosure that is presented twice',
      { disclosures: ([one, ...more]) => [one!, one!, ...more] },
      'sd_jwt_duplicate_digest at disclosures',
    ],
    [
      'a value that was changed',
      { disclosures: ([, ...more]) => [encode('["salt of family_name","family_name","Other"]'), ...more] },
      'sd_jwt_unused_disclosure at disclosures',
    ],
    [
      'a digest that stands twice',
      async () => ({ payload: { _sd: await digests('decoy', 'decoy') }, disclosures: () => [] }),
      'sd_jwt_duplicate_digest at disclosures',
    ],
    [
      'a digest that stands at two levels',
      async () => ({
        payload: { _sd: await digests('decoy'), x: { _sd: await digests('decoy') } },
        disclosures: () => [],
      }),
      'sd_jwt_duplicate_digest at disclosures',
    ],
    ['_sd that is text', { payload: { _sd: 'x' }, disclosures: () => [] }, 'sd_jwt_digest_malformed at disclosures'],
    [
      '_sd that holds a number',
      { payload: { _sd: [7] }, disclosures: () => [] },
      'sd_jwt_digest_malformed at disclosures',
    ],
    [
      '_sd that holds no hash',
      { payload: { _sd: ['AAAA'] }, disclosures: () => [] },
      'sd_jwt_digest_malformed at disclosures',
    ],
    [
      'a placeholder with a neighbour',
      async () => ({ payload: { list: [{ '...': await digest('x'), a: 1 }] } }),
      'sd_jwt_placeholder_malformed at disclosures',
    ],
    [
      'a placeholder outside a list',
      async () => ({ payload: { '...': await digest('x') } }),
      'sd_jwt_placeholder_malformed at disclosures',
    ],
    [
      'a claim named __proto__',
      { payloadText: '{"vct":"https://guild.example/card/1","__proto__":{"rank":8}}' },
      'sd_jwt_reserved_name at disclosures',
    ],
    ...['md5', 'SHA-256', 'sha-1', 'sha-256-128', '', 7, null].map(
      (alg): Row => [
        `_sd_alg ${JSON.stringify(alg)}`,
        { payload: { _sd_alg: alg } },
        'sd_alg_unsupported at disclosures',
      ],
    ),
    ['the hash of another algorithm', { payload: { _sd_alg: 'sha-512' } }, 'sd_jwt_digest_malformed at disclosures'],
    ['disclosures nested too deep', () => nested(16), 'limit_exceeded at disclosures'],
    [
      'more disclosures than are read',
      { disclosures: () => Array.from({ length: 513 }, (_, index) => encode(`["${index}","x",1]`)) },
      'limit_exceeded at structure',
    ],
  ])

  it('takes disclosures in any order', async () => {
    const text = await forge(world, { disclosures: honest => [...honest].reverse() })
    await expectSummaries(text, expectations(world), 'accepted')
  })

  it('gives what was disclosed and nothing that was not', async () => {
    const text = await forge(world, { disclosures: ([familyName]) => [familyName!] })
    const verdict = await verifyCredential(text, walletDemands(expectations(world)))
    expect(verdict.ok && verdict.claims).toEqual({ familyName: 'Specimen', rank: 7 })
  })
})

describe('the passport', () => {
  const claim = (name: string, value: unknown): Row => [
    `${name} ${JSON.stringify(value)}`,
    { hidden: { [name]: value } },
    'claim_malformed at claims',
  ]
  refuses(world, [
    claim('family_name', 7),
    claim('family_name', null),
    claim('family_name', ['Specimen']),
    claim('birthdate', '2001-02-30'),
    claim('birthdate', 20010228),
    claim('languages', 'eo'),
    claim('address', []),
    claim('age_equal_or_over', { 18: 'yes' }),
    claim('place_of_birth', 'Utopia'),
    ['rank 7.5', { payload: { rank: 7.5 } }, 'claim_malformed at claims'],
  ])
  refuses(
    world,
    [
      ['a field that was not disclosed', { disclosures: () => [] }, 'required_claim_missing at required_claims'],
      [
        'a field that is not there',
        { disclosures: ([, ...more]) => more },
        'required_claim_missing at required_claims',
      ],
      ['no required field whose claim is malformed', { hidden: { family_name: 7 } }, 'claim_malformed at claims'],
    ],
    { require: ['givenName', 'familyName'] } as object,
  )

  it('says which of the fields that were asked for are there', async () => {
    const demands = { ...expectations(world), require: ['familyName', 'birthDate', 'givenName', 'birthTown'] as const }
    const verdict = await verifySdJwtPresentation(await forge(world), demands)
    expect(verdict.checks.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      id: 'required_claims',
      at: 'birthDate',
      expected: 'familyName birthDate givenName birthTown',
      actual: 'familyName givenName',
    })
  })

  it('with a malformed claim is not asked for its fields', async () => {
    const demands = { ...expectations(world), require: ['familyName'] as const }
    const verdict = await verifySdJwtPresentation(await forge(world, { hidden: { family_name: 7 } }), demands)
    expect(reasons(verdict)).toEqual(['claim_malformed at claims'])
    expect(verdict.checks.find(({ id }) => id === 'required_claims')).toMatchObject({ code: 'not_reached' })
  })

  it('keeps what belongs to no field apart, without what belongs to the token', async () => {
    const text = await forge(world, { hidden: { guild: { name: 'Smiths' } }, payload: { sub: 'x', jti: 'y' } })
    const verdict = await verifySdJwtPresentation(text, expectations(world))
    expect(verdict.ok && verdict.otherClaims).toEqual({ guild: { name: 'Smiths' } })
  })
})

describe('a verdict', () => {
  it('is frozen to its depths, claims of every sort included', async () => {
    const hidden = {
      address: { locality: 'Utopia', street_address: 'First Street 1' },
      languages: ['eo', 'ia'],
      guild: { rooms: [{ name: 'Forge', tools: ['hammer'] }] },
    }
    const text = await forge(world, { hidden, payload: { open: { list: [{ a: 1 }] } } })
    const verdict = await verifySdJwtPresentation(text, expectations(world))
    if (!verdict.ok) throw new Error(verdict.code)
    expect(verdict.otherClaims).toEqual({ guild: hidden.guild, open: { list: [{ a: 1 }] } })
    for (const [name, part] of Object.entries(verdict)) expect([name, isDeepFrozen(part)]).toEqual([name, true])
    expect(isDeepFrozen(verdict)).toBe(true)
  })

  it('gives an image as bytes, the caller’s own', async () => {
    const portraitCard = definePassport({
      name: 'portrait-card',
      vct: guildCard.vct,
      docType: [],
      fields: { portrait: { as: 'image', claim: 'picture' } },
    })
    const picture = `data:image/png;base64,${btoa('\x89PNG\r\n\x1a\n\0')}`
    const demands = { ...expectations(world), expectedPassport: portraitCard, require: ['portrait'] as const }
    const verdict = await verifySdJwtPresentation(await forge(world, { hidden: { picture } }), demands)
    if (!verdict.ok) throw new Error(verdict.code)
    expect(verdict.claims.portrait).toEqual(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))
    expect(isDeepFrozen(verdict)).toBe(true)
  })

  it('has objects without prototypes', async () => {
    const hidden = { guild: { rooms: [{}] } }
    const verdict = await verifySdJwtPresentation(await forge(world, { hidden }), expectations(world))
    if (!verdict.ok) throw new Error(verdict.code)
    const { guild } = verdict.otherClaims as { guild: { rooms: [object] } }
    for (const object of [verdict.claims, verdict.otherClaims, guild, guild.rooms[0]])
      expect(Object.getPrototypeOf(object)).toBe(null)
  })
})

describe('every reason at once', () => {
  const failures = async (w: World, changes: Parameters<typeof forge>[1], demands = {}) => {
    const verdict = await verifySdJwtPresentation(await forge(w, changes), { ...expectations(w), ...demands })
    return verdict.checks.filter(({ outcome }) => outcome === 'failed').map(({ id, code }) => `${code} at ${id}`)
  }

  it('names expiry, audience, nonce, age and missing fields of one presentation', async () => {
    const changes = {
      payload: { exp: seconds - day },
      binding: { aud: 'https://other.example', nonce: 'other', iat: seconds - day, sd_hash: 'x' },
    }
    expect(await failures(world, changes, { require: ['birthDate'] })).toEqual([
      'credential_expired at validity',
      'key_binding_audience_mismatch at key_binding_audience',
      'key_binding_nonce_mismatch at key_binding_nonce',
      'key_binding_too_old at key_binding_time',
      'key_binding_hash_mismatch at key_binding_hash',
      'required_claim_missing at required_claims',
    ])
  })

  it('says of every check that was not made that it was skipped, and why', async () => {
    const verdict = await verifySdJwtPresentation(await forge(world, { header: { alg: 'none' } }), expectations(world))
    expect(verdict.checks.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['passed', undefined],
      ['failed', 'alg_not_allowed'],
      ...Array.from({ length: 20 }, () => ['skipped', 'not_reached']),
    ])
  })

  it('names the format once it is known, and not before', async () => {
    const formatOf = async (changes: Parameters<typeof forge>[1]) => {
      const verdict = await verifySdJwtPresentation(await forge(world, changes), expectations(world))
      return [verdict.format, verdict.evidence.format]
    }
    const known = ['dc+sd-jwt', 'dc+sd-jwt']
    expect(await formatOf({})).toEqual(known)
    expect(await formatOf({ payload: { exp: 0 } })).toEqual(known)
    expect(await formatOf({ payload: { vct: undefined } })).toEqual(known)
    expect(await formatOf({ header: { typ: 'JWT' } })).toEqual([undefined, undefined])
    expect(await formatOf({ whole: () => 'x' })).toEqual([undefined, undefined])
  })

  it('lists every check with its clause, in one order, whatever came in', async () => {
    const ids = (verdict: { readonly checks: readonly { readonly id: string }[] }) => verdict.checks.map(({ id }) => id)
    const accepted = await verifySdJwtPresentation(await forge(world), expectations(world))
    const refused = await verifySdJwtPresentation(undefined, expectations(world))
    expect(ids(refused)).toEqual(ids(accepted))
    expect(new Set(ids(accepted)).size).toBe(accepted.checks.length)
    for (const check of accepted.checks) expect(check.clause).not.toBe('')
  })
})
