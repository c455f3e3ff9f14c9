/** The portable suite in a page, or in a worker that start-worker.ts has started. */
import { handOver } from './hand-over.js'
import { portableCases } from './suite.js'

handOver(portableCases)
