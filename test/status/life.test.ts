/** A status from the registry to the verdict and its archive, through nothing but what is exported. */
import { describe, expect, it } from 'vitest'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { statusChecker } from '../../src/status/checker.js'
import { openStatusRegistry, type PublishedStatusList } from '../../src/status/registry.js'
import { memoryStore } from '../../src/store/memory.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { audience, expectations, guildCard, issuer, makeWorld, nonce, now, record } from '../world.js'
import { listResponse } from './host.js'

async function makeOffice() {
  const world = await makeWorld()
  const registry = await openStatusRegistry({
    store: memoryStore(),
    signer: world.signer,
    baseUri: 'https://status.example',
    now,
  })
  const status = await registry.allocate({ id: 'card 1' })
  const credential = await issueSdJwtCredential(guildCard, record, {
    issuer,
    signer: world.signer,
    holderKey: world.holder.publicJwk,
    status,
    now,
  })
  const presentation = await presentSdJwt(credential, {
    disclose: [['family_name']],
    audience,
    nonce,
    signer: world.holder,
    now,
  })
  let files: readonly PublishedStatusList[] = await registry.publish()
  const fetch = async (url: string) => listResponse(files.find(({ uri }) => uri === url)?.body ?? null)
  const publish = async () => {
    files = await registry.publish()
  }
  const demands = (checker: ReturnType<typeof statusChecker>) => ({ ...expectations(world), status: checker })
  return { registry, presentation, fetch, publish, demands }
}

describe('a credential with a status', () => {
  it('is accepted, refused while suspended, accepted again, and refused for good', async () => {
    const { registry, presentation, fetch, publish, demands } = await makeOffice()
    const options = demands(statusChecker({ fetch, maxStaleness: 0 }))
    const codes: string[] = []
    for (const value of ['valid', 'suspended', 'valid', 'invalid'] as const) {
      await registry.set('card 1', value)
      await publish()
      const verdict = await verifySdJwtPresentation(presentation, options)
      codes.push(verdict.ok ? 'ok' : verdict.code)
    }
    expect(codes).toEqual(['ok', 'status_suspended', 'ok', 'status_revoked'])
  })

  it('is verified at a counter without a network, and again from the archive', async () => {
    const { presentation, fetch, demands } = await makeOffice()
    const online = statusChecker({ fetch })
    await verifySdJwtPresentation(presentation, demands(online))
    const offline = statusChecker({ maxStaleness: 6 * 3600 })
    await offline.importSnapshot(await online.exportSnapshot())

    const options = demands(offline)
    const verdict = await verifySdJwtPresentation(presentation, options)
    expect(verdict).toMatchObject({ ok: true, status: { checked: true, value: 'valid', age: 0, source: 'snapshot' } })
    const { trust, expectedPassport } = options
    const again = await reverifyEvidence(JSON.parse(JSON.stringify(verdict.evidence)), { trust, expectedPassport })
    expect(again).toMatchObject({ ok: true, status: { checked: true } })
  })

  it('is refused where its list cannot be had', async () => {
    const { presentation, demands } = await makeOffice()
    const fetch = () => Promise.reject(new TypeError('fetch failed'))
    expect(await verifySdJwtPresentation(presentation, demands(statusChecker({ fetch })))).toMatchObject({
      ok: false,
      code: 'status_unreachable',
    })
  })
})
