/** Every portable case: what holds on every runtime, under any test runner or none. */
import { auditCases } from './audit.js'
import type { PortableCase } from './case.js'
import { hostileCases } from './hostile.js'
import { lifeCases } from './life.js'
import { pageCases } from './page.js'
import { qrCases } from './qr.js'
import { statusCases } from './status.js'
import { vectorCases } from './vectors.js'

export const portableCases: readonly PortableCase[] = [
  ...lifeCases,
  ...hostileCases,
  ...qrCases,
  ...statusCases,
  ...auditCases,
  ...pageCases,
  ...vectorCases,
]
