/** What the shipped passports take for a portrait: one whole image that tells nothing beyond what it shows. */
import { describe, expect, it } from 'vitest'
import { fromBase64 } from '../../src/core/bytes.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { euPid } from '../../src/passport/eu-pid.js'
import { stripImage } from '../../src/passport/files/strip.js'
import { mdl } from '../../src/passport/mdl.js'
import { photoId } from '../../src/passport/photo-id.js'
import { travelPassport } from '../../src/passport/travel.js'
import { explain } from '../../src/wording/explain.js'
import { russian } from '../../src/wording/russian.js'
import files from '../vectors/files-own/files.json' with { type: 'json' }
import { brief, jpeg, jpegWith, png, portraitHarms } from './support.js'

const definitions = [citizenPassport, travelPassport, mdl, photoId, euPid]

/** The issues that a portrait gets; those of all that is missing besides are left out. */
const portraitIssues = (definition: (typeof definitions)[number], portrait: unknown) => {
  const answer = definition.safeParse({ portrait })
  return answer.ok ? [] : answer.issues.filter(({ path }) => path[0] === 'portrait')
}

describe.each(definitions.map(definition => [definition.name, definition] as const))('%s', (_, definition) => {
  it.each(portraitHarms)('refuses %s', (_harm, portrait, code) => {
    expect(brief(portraitIssues(definition, portrait))).toEqual([`portrait ${code}`])
  })

  it('takes a whole JPEG, and what stripImage leaves of a photo', () => {
    const photo = fromBase64(files['baseline.jpg'])
    expect(brief(portraitIssues(definition, photo))).toEqual(['portrait metadata'])
    for (const portrait of [jpeg(), jpegWith(new Uint8Array(1000)), stripImage(photo).bytes])
      expect(portraitIssues(definition, portrait)).toEqual([])
  })
})

it('is a PNG in the internal passport alone, and a whole one', () => {
  expect(portraitIssues(citizenPassport, png())).toEqual([])
  const cut = png().subarray(0, -1)
  const broken = png().with(45, 0x55)
  for (const portrait of [cut, broken, new Uint8Array([...png(), 0])])
    expect(brief(portraitIssues(citizenPassport, portrait))).toEqual(['portrait format'])
  for (const definition of [travelPassport, mdl, photoId, euPid])
    expect(brief(portraitIssues(definition, png()))).toEqual(['portrait format'])
})

it('tells whoever hands in a photo what to do about it', () => {
  const [issue] = portraitIssues(citizenPassport, fromBase64(files['baseline.jpg']))
  expect(issue?.message).toContain('stripImage')
  expect(explain(issue!, russian)).toContain('stripImage')
})

it('is of a signature in a licence too', () => {
  for (const [, image, code] of portraitHarms) {
    const answer = mdl.safeParse({ signatureUsualMark: image })
    expect(answer.ok ? [] : brief(answer.issues)).toContain(`signatureUsualMark ${code}`)
  }
})
