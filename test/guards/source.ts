/** Every file of src with what it imports, read by the compiler's own parser. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface Import {
  /** The importing file, from src: `core/keys.ts`. */
  readonly from: string
  readonly line: number
  /** What is imported: a file of src (`errors.ts`), or a package or `#crypto` as written. */
  readonly to: string
  readonly inside: boolean
  /** `import type` and `export type`: gone when the program runs. */
  readonly typeOnly: boolean
}

const src = fileURLToPath(new URL('../../src/', import.meta.url))

export const files: readonly string[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.ts'))
  .sort()

export const imports: readonly Import[] = files.flatMap(file => importsOf(file, readFileSync(src + file, 'utf8')))

/** Static, dynamic and type imports, and re-exports. */
export function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
  const found: Import[] = []
  visit(source)
  return found

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true)
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }

  function add(specifier: ts.Node | undefined, typeOnly: boolean): void {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier))
      throw new Error(`${file} imports what only running it can tell`)
    const inside = specifier.text.startsWith('.')
    const to = inside ? posix.join(posix.dirname(file), specifier.text).replace(/\.js$/, '.ts') : specifier.text
    const line = source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1
    found.push({ from: file, line, to, inside, typeOnly })
  }
}
