/** What the example of an own passport promises beside running: that it is short, and shows every format. */
import { expect, it } from 'vitest'
import example from '../../examples/own-passport.ts?raw'

it('an own passport takes one file of under 80 lines, as the formatter leaves it', () => {
  const lines = example.trimEnd().split('\n')
  expect(lines.length).toBeLessThan(80)
  expect(lines.filter(line => line.length > 120)).toEqual([])
})

it.each([
  ['SD-JWT VC', 'issueSdJwtCredential', 'presentSdJwt'],
  ['mdoc', 'issueMdocCredential', 'presentMdoc'],
  ['W3C credential', 'issueVcJwtCredential', 'presentVcJwt'],
])('it is issued and presented as %s', (_, issue, present) => {
  expect(example).toContain(`await ${issue}(`)
  expect(example).toContain(`await ${present}(`)
})
