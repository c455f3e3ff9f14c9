/** Fills the templates of a catalogue with facts. */

/** A bracketed piece stays when each of its placeholders has something to say, and loses its brackets. */
export function fill(template: string, facts: Readonly<Record<string, unknown>>): string {
  return template.replace(/\[([^[\]]*)\]/g, (_, piece: string) => {
    let complete = true
    const filled = piece.replace(/\{(\w+)\}/g, (_, name: string) => {
      const fact = facts[name]
      if (typeof fact === 'number' || (typeof fact === 'string' && fact !== '')) return `${fact}`
      complete = false
      return ''
    })
    return complete ? filled : ''
  })
}

/** What a catalogue has under a name, and nothing that every object inherits. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
