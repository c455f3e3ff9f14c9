/** `vidimus/browser`: what a page verifies with, which needs nothing that only pages have. */
import * as vidimus from 'vidimus'
import {
  revocationLists,
  statusChecker,
  statusListCwt,
  statusListFetching,
  statusNotChecked,
  trustAnchors,
  verifyPresentation,
  verifyQrPresentation,
  verifySdJwtPresentation,
} from 'vidimus/browser'
import { accepted, casesOf, holds, misuses, refused, same } from './case.js'
import { cast, type Format, fields, issue, later, makeOffice, now, present, shownClaims } from './world.js'

/** What a page verifies, and the function that takes each. */
const taken = {
  'dc+sd-jwt': verifySdJwtPresentation,
  mso_mdoc: verifyAny,
  qr: verifyQrPresentation,
} as const satisfies Partial<Record<Format, unknown>>

/** What is not a code has no age to be shown for. */
function verifyAny(shown: unknown, { expectedQr: _qr, ...demands }: Demands) {
  return verifyPresentation(shown, demands)
}

type Demands = Omit<Awaited<ReturnType<typeof demandsOfPage>>, 'status'> &
  Pick<Parameters<typeof verifyPresentation>[1], 'status'>

/** The demands of a bank, as a page states them. */
async function demandsOfPage() {
  const { anchor, demands } = await cast()
  return { ...demands, trust: trustAnchors([anchor]), status: statusNotChecked('not a matter of this case') }
}

const inFormat = (format: keyof typeof taken) =>
  casesOf(`a page that is shown a ${format}`, {
    'verifies it as everybody else does': async () => {
      const world = await cast()
      const shown = await present(world, format, await issue(world, format))
      const demands = { ...(await demandsOfPage()), require: fields }
      const verdict = accepted(await taken[format](shown, demands))
      same([verdict.format, verdict.claims], [format, shownClaims])
      const { evidence: _evidence, ...elsewhere } = await vidimus.verifyPresentation(shown, world.demands)
      const checks = elsewhere.checks.map(({ clause: _clause, ...check }) => check)
      same(verdict, { ...elsewhere, checks })
      refused(await taken[format](shown, { ...demands, trust: trustAnchors([]) }), 'issuer_untrusted')
      refused(await taken[format](shown, { ...demands, now: later(-7200) }), 'credential_issued_in_future')
      const changed = typeof shown === 'string' ? shown.replace(/.{9}$/, '') : shown.slice(0, -9)
      holds('what was cut off is missed', !(await taken[format](changed, demands)).ok)
    },

    'asks the statuses that it keeps, and says how old they are': async () => {
      const world = await cast()
      const { registry, publish, fetch } = await makeOffice(world)
      const place = await registry.allocate({ id: 'card 1', format })
      const shown = await present(world, format, await issue(world, format, { status: place }))
      const demands = await demandsOfPage()
      const snapshot = async () => vidimus.statusChecker({ fetch, now }).exportSnapshot(await publish())
      const asked = async (kept: Uint8Array, maxStaleness = 3600) => {
        const status = statusChecker({ maxStaleness, statusListCwt })
        await status.importSnapshot(kept)
        return taken[format](shown, { ...demands, status, now: later(200) })
      }
      const kept = await snapshot()
      const { status } = accepted(await asked(kept))
      same(status.checked && [status.value, status.source, status.age], ['valid', 'snapshot', 200])
      refused(await asked(kept, 199), 'status_stale')
      await registry.set('card 1', 'suspended')
      refused(await asked(await snapshot()), 'status_suspended')
      refused(
        await taken[format](shown, { ...demands, status: statusChecker({ statusListCwt }) }),
        'status_unreachable',
      )
    },
  })

export const pageCases = [
  ...inFormat('dc+sd-jwt'),
  ...inFormat('mso_mdoc'),
  ...inFormat('qr'),

  ...casesOf('a page', {
    'refuses the formats that it has no room for': async () => {
      const world = await cast()
      const demands = await demandsOfPage()
      for (const [format, code] of [
        ['vc+jwt', 'format_not_expected'],
        ['vc+sd-jwt', 'jws_type_mismatch'],
      ] as const) {
        const shown = await present(world, format, await issue(world, format))
        refused(await verifyAny(shown, demands), code)
      }
    },

    'is told at once of the parts that it was not given': async () => {
      const { anchor, demands } = await cast()
      const logKey = (await makeOffice(await cast())).log.verifierKey
      await misuses(() => trustAnchors([{ logKey, purposes: ['log'] }]), 'anchors[0].logKey')
      await misuses(() => trustAnchors([{ ...anchor, crls: [anchor.certificate] }]), 'anchors[0].crls')
      await misuses(() => trustAnchors([{ ...anchor, certificateProfile: 'iaca' }]), 'anchors[0].certificateProfile')
      const { publicJwk: readerKey } = (await cast()).holder
      await misuses(() => verifyPresentation('', { ...demands, readerKey }), 'readerKey')
      await misuses(() => verifyPresentation('', demands), 'expectedQr')
    },

    'without the part for revocation lists takes no anchor that has them, be it none': async () => {
      const { anchor } = await cast()
      await misuses(() => trustAnchors([{ ...anchor, crls: [] }]), 'anchors[0].crls')
      trustAnchors([{ ...anchor, crls: [] }], { revocationLists })
    },

    'without the part for lists of its kind refuses the status of a code': async () => {
      const world = await cast()
      const { registry, publish, fetch } = await makeOffice(world)
      const status = await registry.allocate({ format: 'qr' })
      const shown = await present(world, 'qr', await issue(world, 'qr', { status }))
      await publish()
      const demands = { ...(await demandsOfPage()), status: statusChecker({ fetch, statusListFetching }) }
      refused(await verifyQrPresentation(shown, demands), 'status_unsupported')
    },
  }),
]
