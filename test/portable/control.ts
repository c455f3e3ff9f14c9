/** What a strict policy forbids: where this is not reported, silence about the suite would mean nothing. */
import { handOver } from './hand-over.js'

const makeFunction = Function

handOver([
  { name: 'text becomes code', run: async () => makeFunction('return 1')() },
  { name: 'something is fetched', run: async () => void (await fetch('/script/control')) },
])
