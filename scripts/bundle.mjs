/** What a web page pays for a few names of the package: bundled from src with the web back end, as its bundler would. */

import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Left as imports instead of failing the build, so that a bundle that reaches one can be told by its name. */
const modulesOfNode = ['node:*', ...builtinModules]

/** Renamed wherever they are not the bundle's own names, so that their use can be told from the word in a sentence. */
const globalsOfNode = ['Buffer', 'process', 'global', '__dirname', '__filename', 'setImmediate']
const renamed = name => `of_node_${name}`

/**
 * @typedef {object} Bundle
 * @property {number} gzip bytes
 * @property {Map<string, number>} modules what stands in the bundle, in bytes: paths from the root of the repository
 * @property {string[]} ofNode the modules and globals of Node that it needs
 */

/**
 * @param {string} file the module that exports the names, from the root of the repository
 * @param {readonly string[]} names `['*']` for all of them
 * @returns {Promise<Bundle>}
 */
export async function bundle(file, names) {
  const wanted = names[0] === '*' ? '*' : `{ ${names.join(', ')} }`
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${wanted} from './${file}'`, resolveDir: root, sourcefile: 'page.js' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    alias: { '#crypto': `${root}src/core/crypto/web.ts` },
    external: modulesOfNode,
    define: Object.fromEntries(globalsOfNode.map(name => [name, renamed(name)])),
    metafile: true,
    write: false,
    outdir: 'bundle',
    logLevel: 'silent',
  })
  const [{ inputs, imports }] = Object.values(metafile.outputs)
  const present = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return {
    gzip: gzipSync(outputFiles[0].contents, { level: 9 }).length,
    modules: new Map(present.map(([path, { bytesInOutput }]) => [path, bytesInOutput])),
    ofNode: [
      ...imports.map(({ path }) => path),
      ...globalsOfNode.filter(name => outputFiles[0].text.includes(renamed(name))),
    ],
  }
}
