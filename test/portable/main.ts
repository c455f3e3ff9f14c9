/** The portable suite as a program of its own: one line of JSON, for runtimes that have a console. */
import { runCases } from './case.js'
import { portableCases } from './suite.js'

console.log(JSON.stringify(await runCases(portableCases)))
