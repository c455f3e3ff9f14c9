/**
 * What the policy of a page or a worker was violated by, as far as its scripts are told. Imported before anything that
 * might violate it.
 */
export const violations: string[] = []

addEventListener('securitypolicyviolation', event => {
  const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent
  violations.push(`${effectiveDirective} ${blockedURI}`)
})

/** Violations are told after the script that caused them. */
export const settled = () => new Promise<void>(resolve => setTimeout(resolve, 100))

/** Whether this runtime knows Trusted Types, and so whether the policy's demand for them means anything. */
export const knowsTrustedTypes = 'trustedTypes' in globalThis
