/**
 * Fields of WordprocessingML (ECMA-376 part 1 §17.16), searched for those that run a program or bring in other files, and a
 * template that is attached (§17.15.1.6).
 *
 * What a field does is its first word, which may be spread over any number of runs. One that is made by another field inside
 * it cannot be known without working it out, and no writer makes one so.
 */
import type { FileCode } from '../../errors.js'
import { elementsOf, plainText, type XmlElement } from './xml.js'

const refusedWords: ReadonlyMap<string, FileCode> = /* @__PURE__ */ new Map([
  ['DDE', 'file_active_content'],
  ['DDEAUTO', 'file_active_content'],
  ['DATABASE', 'file_external_reference'],
  ['IMPORT', 'file_external_reference'],
  ['INCLUDE', 'file_external_reference'],
  ['INCLUDEPICTURE', 'file_external_reference'],
  ['INCLUDETEXT', 'file_external_reference'],
  ['LINK', 'file_external_reference'],
  ['RD', 'file_external_reference'],
])

/** The refused fields of one part, by their names; `field` for one whose name is made by another, `attachedTemplate`. */
export function* refusedFields(xml: string): Generator<readonly [name: string, code: FileCode]> {
  for (const word of wordsOf(xml)) {
    if (word === 'attachedTemplate') yield [word, 'file_external_reference']
    else if (word === undefined) yield ['field', 'file_active_content']
    const code = refusedWords.get(word?.toUpperCase() ?? '')
    if (word !== undefined && code !== undefined) yield [word.toUpperCase(), code]
  }
}

/** The first word of each field; `undefined` where another field begins before that word has ended. */
function* wordsOf(xml: string): Generator<string | undefined> {
  let open: string | undefined
  for (const element of elementsOf(xml, ['fldChar', 'fldSimple', 'instrText', 'delInstrText', 'attachedTemplate'])) {
    if (element.name === 'attachedTemplate') yield element.name
    else if (element.name === 'fldSimple') {
      if (open !== undefined && isUnfinished(open)) yield undefined
      for (const instruction of valuesOf(element, 'instr')) yield firstWord(instruction)
    } else if (element.name !== 'fldChar') open = open === undefined ? undefined : open + plainText(element.text)
    else {
      const isBegin = valuesOf(element, 'fldCharType').includes('begin')
      if (open !== undefined) yield isBegin && isUnfinished(open) ? undefined : firstWord(open)
      open = isBegin ? '' : undefined
    }
  }
  if (open !== undefined) yield firstWord(open)
}

const firstWord = (instruction: string): string => /[^\s"\\]+/.exec(instruction)?.[0] ?? ''

/** §17.16.3.1: a formula may begin with a field. */
const isUnfinished = (instruction: string): boolean => /^\s*(?!=)\S*$/.test(instruction)

/** The values of an attribute, whatever its prefix. */
const valuesOf = ({ attributes }: XmlElement, name: string): readonly string[] =>
  [...attributes].filter(([key]) => key === name || key.endsWith(`:${name}`)).map(([, value]) => plainText(value))
