/** Starts the worker that the page names, and hands its report to whoever drives the browser. */
import { settled, violations } from './watch.js'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }
const script = document.documentElement.dataset['worker'] ?? ''

/** The address of a worker's script is a sink. That is the page's own business: the library starts no worker. */
const rules = { createScriptURL: (url: string) => url }
const policy = trustedTypes?.createPolicy('start-worker', rules) ?? rules

const worker = new Worker(policy.createScriptURL(script), { type: 'module' })

Object.assign(globalThis, {
  portableReport: new Promise<string>((resolve, reject) => {
    worker.onmessage = async ({ data }) => {
      await settled()
      const report = JSON.parse(data)
      resolve(JSON.stringify({ ...report, violations: [...report.violations, ...violations] }))
    }
    worker.onerror = event => reject(new Error(event.message || 'the worker did not start'))
  }),
})
