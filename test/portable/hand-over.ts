/** Cases in a page or in a worker, and their report to whoever drives the browser. */

import { type PortableCase, type PortableReport, runCases } from './case.js'
import { knowsTrustedTypes, settled, violations } from './watch.js'

/** A report from a page or a worker. */
export interface BrowserReport extends PortableReport {
  readonly violations: readonly string[]
  readonly knowsTrustedTypes: boolean
}

/** A page keeps the report as a global, for no policy keeps a driver from reading one; a worker sends it to its page. */
export function handOver(cases: readonly PortableCase[]): void {
  const report = runAndWatch(cases)
  if (typeof document === 'undefined') report.then(postMessage)
  else Object.assign(globalThis, { portableReport: report })
}

async function runAndWatch(cases: readonly PortableCase[]): Promise<string> {
  const ran = await runCases(cases)
  await settled()
  return JSON.stringify({ ...ran, violations, knowsTrustedTypes } satisfies BrowserReport)
}
