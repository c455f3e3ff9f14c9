/** Types are behaviour too: what a definition infers, and what it refuses to compile. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import { ageOn } from '../../src/passport/calendar.js'
import { definePassport, type PassportDefinition, type PassportOf } from '../../src/passport/definition.js'
import type { ClaimsOf, FieldOf, PassportProfile } from '../../src/passport/profile.js'

const ns = 'example.ut.id.1'

const utopiaId = definePassport({
  name: 'utopia-id',
  vct: 'https://ut.example/id/1',
  docType: ns,
  fields: {
    familyName: {
      schema: z.string().min(1),
      claim: 'family_name',
      element: [ns, 'family_name'],
      label: { ut: 'Nomo' },
    },
    birthDate: { as: 'date', claim: 'birthdate', element: [ns, 'birth_date'] },
    birthTown: { schema: z.string(), claim: ['place_of_birth', 'locality'], optional: true },
    nickname: { schema: mini.optional(mini.string()), claim: 'nickname' },
    citizenOf: { schema: z.array(z.string().length(2)), claim: 'nationalities', hide: 'each' },
    points: { schema: z.int(), claim: 'points', hide: false },
    portrait: { as: 'image', claim: 'picture', element: [ns, 'portrait'], optional: true },
  },
  derived: {
    ageOver16: { derive: (passport, on) => ageOn(passport.birthDate, on) >= 16, claim: ['age_equal_or_over', '16'] },
    greeting: {
      derive: passport => (passport.birthTown === undefined ? undefined : `${passport.familyName}!`),
      as: 'text',
      claim: 'greeting',
    },
  },
  validity: (passport, now) => ({ from: now, until: new Date(passport.birthDate) }),
  check: ({ birthDate }, now) => (birthDate === undefined || now === undefined ? [] : [{ path: [], code: 'order' }]),
})

describe('the types of a definition', () => {
  it('infer the record from the schemas, with optional fields optional', () => {
    expectTypeOf(utopiaId.parse).returns.toEqualTypeOf<{
      readonly familyName: string
      readonly birthDate: string
      readonly citizenOf: string[]
      readonly points: number
      readonly birthTown?: string | undefined
      readonly nickname?: string | undefined
      readonly portrait?: Uint8Array | undefined
    }>()
    expectTypeOf<PassportOf<typeof utopiaId>>().toEqualTypeOf<ReturnType<typeof utopiaId.parse>>()
  })

  it('infer the claims, those of derived fields from what their function gives', () => {
    expectTypeOf<ClaimsOf<typeof utopiaId>>().toEqualTypeOf<{
      readonly familyName: string
      readonly birthDate: string
      readonly birthTown: string
      readonly nickname: string
      readonly citizenOf: string[]
      readonly points: number
      readonly portrait: Uint8Array
      readonly ageOver16: boolean
      readonly greeting: string
    }>()
    expectTypeOf(utopiaId.name).toEqualTypeOf<'utopia-id'>()
  })

  it('refuse a name that is not a field', () => {
    utopiaId.claimPaths('dc+sd-jwt', ['familyName', 'ageOver16'])
    // @ts-expect-error no such field
    expect(() => utopiaId.claimPaths('dc+sd-jwt', ['surname'])).toThrow(TypeError)
    // @ts-expect-error no such format
    expect(() => utopiaId.claimPaths('jwt_vc', ['familyName'])).toThrow(TypeError)
  })

  it('give a derivation the passport, field by field', () => {
    definePassport({
      name: 'card',
      vct: 'card',
      docType: 'card',
      fields: { birthDate: { as: 'date' } },
      derived: {
        // @ts-expect-error no such field
        wrong: { derive: passport => passport.birthday === '' },
      },
    })
  })

  it('refuse a field that neither has a schema nor says what it is', () => {
    const fields = { a: { claim: 'a' } }
    // @ts-expect-error neither `schema` nor `as`
    expect(() => definePassport({ name: 'card', vct: 'card', docType: 'card', fields })).toThrow(TypeError)
  })

  it('let a definition stand wherever a profile does', () => {
    expectTypeOf(utopiaId).toExtend<PassportProfile>()
    expectTypeOf(utopiaId).toExtend<PassportDefinition>()
    expectTypeOf<FieldOf<typeof utopiaId>>().toExtend<string>()
  })

  it('inherit from an extended definition, replaced fields with their new type', () => {
    const resident = definePassport({
      name: 'resident',
      vct: 'resident',
      docType: 'resident',
      extends: utopiaId,
      fields: {
        familyName: { schema: z.array(z.string()), claim: 'family_name' },
        since: { as: 'time', claim: 'since' },
      },
      derived: { long: { derive: passport => passport.familyName.length > passport.points, claim: 'long' } },
    })
    expectTypeOf<ReturnType<typeof resident.parse>['familyName']>().toEqualTypeOf<string[]>()
    expectTypeOf<ReturnType<typeof resident.parse>['birthTown']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<FieldOf<typeof resident>>().toEqualTypeOf<FieldOf<typeof utopiaId> | 'since' | 'long'>()
  })

  it('of several definitions leave the names that all have', () => {
    const card = definePassport({
      name: 'card',
      vct: 'card',
      docType: 'card',
      fields: {
        familyName: { schema: z.string(), claim: 'family_name' },
        reader: { schema: z.string(), claim: 'reader' },
      },
    })
    expectTypeOf<FieldOf<typeof utopiaId | typeof card>>().toEqualTypeOf<'familyName'>()
    expectTypeOf(card).toExtend<PassportDefinition>()
  })
})

describe('the types of a profile with schemas', () => {
  interface CardClaims {
    readonly reader: string
    readonly since: string
    readonly phone?: string | undefined
    readonly adult: boolean
  }
  const cardProfile: PassportProfile<'card', CardClaims> = {
    name: 'card',
    vct: ['card'],
    docType: ['card'],
    status: 'optional',
    fields: {
      reader: { kind: 'text', claim: ['reader'], hide: true, optional: false },
      since: { kind: 'date', claim: ['since'], hide: true, optional: false },
      phone: { kind: 'text', claim: ['phone'], hide: true, optional: true },
      adult: { kind: 'boolean', claim: ['adult'], hide: true, optional: false, derived: true },
    },
  }
  const schemas = () => ({ reader: mini.string(), phone: mini.string() })
  const adult = () => true

  it('take the record from the claims, without the derived ones', () => {
    const card = definePassport(cardProfile, schemas, {
      derived: { adult: (passport, on) => passport.since < on && passport.phone !== on },
      validity: passport => ({ until: new Date(passport.since) }),
    })
    expectTypeOf(card.parse).returns.toEqualTypeOf<{
      readonly reader: string
      readonly since: string
      readonly phone?: string | undefined
    }>()
    expectTypeOf<ClaimsOf<typeof card>>().toEqualTypeOf<
      Required<{ readonly [F in keyof CardClaims]: Exclude<CardClaims[F], undefined> }>
    >()
  })

  it('refuse a schema of another type and a schema for no field', () => {
    // @ts-expect-error a number where the claim is text
    definePassport(cardProfile, () => ({ reader: mini.number(), phone: mini.string() }), { derived: { adult } })
    // @ts-expect-error a derivation of another type
    definePassport(cardProfile, schemas, { derived: { adult: () => 'yes' } })
    // @ts-expect-error a derivation for no field
    expect(() => definePassport(cardProfile, schemas, { derived: { adult, old: () => true } })).toThrow(TypeError)
  })
})
