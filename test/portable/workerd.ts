/** The portable suite as a test of workerd. */
import { runCases } from './case.js'
import { portableCases } from './suite.js'

export default {
  async test(): Promise<void> {
    console.log(JSON.stringify(await runCases(portableCases)))
  },
}
