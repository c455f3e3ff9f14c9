/**
 * `npm run pages`: type-checks the ```ts blocks of README.md and docs/*.md against the built package. The blocks under one
 * heading are one program; a comment `<!-- ts: declare const x: string -->` adds a line that readers need not see. A block
 * that is no program is fenced ```text or ```js.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { ensureBuilt } from './ensure-built.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = ['README.md', ...readdirSync(`${root}docs`).map(name => `docs/${name}`)].filter(
  path => path.endsWith('.md') && existsSync(root + path),
)

ensureBuilt()
const programs = new Map(pages.flatMap(page => programsOf(page, readFileSync(root + page, 'utf8'))))
const problems = check(programs)
for (const problem of problems) console.log(problem)
console.log(`${pages.length} pages, ${programs.size} programs, ${problems.length} problems`)
process.exit(problems.length === 0 && programs.size > 0 ? 0 : 1)

/** Each program stands where it stands in its page, the rest of the page blank: its line numbers are those of the page. */
function programsOf(page, text) {
  const lines = text.split('\n')
  const programs = []
  let heading = 0
  let inside = false
  let fenced = false
  for (const [number, line] of lines.entries()) {
    const fence = /^```(\w*)/.exec(line)
    if (fence) {
      inside = !fenced && fence[1] === 'ts'
      fenced = !fenced
    } else if (!fenced && /^#/.test(line)) heading = number
    else if (inside) put(number, line)
    else put(number, /^<!-- ts: (.+) -->$/.exec(line)?.[1])
  }
  return programs.map(({ heading, lines }) => [`${root}${page}@${heading + 1}.ts`, `${lines.join('\n')}\nexport {}`])

  function put(number, line) {
    if (line === undefined) return
    if (programs.at(-1)?.heading !== heading) programs.push({ heading, lines: [] })
    programs.at(-1).lines[number] = line
  }
}

function check(programs) {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}examples/tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    `${root}examples`,
  )
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = path => programs.has(path) || fileExists(path)
  host.readFile = path => programs.get(path) ?? readFile(path)
  host.getSourceFile = (path, languageVersion, ...rest) =>
    programs.has(path)
      ? ts.createSourceFile(path, programs.get(path), languageVersion)
      : getSourceFile(path, languageVersion, ...rest)
  const program = ts.createProgram([...programs.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
    const page = file?.fileName.replace(root, '').replace(/@\d+\.ts$/, '')
    return `${page}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n  ')}`
  })
}
