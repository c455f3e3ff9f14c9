/** A status from the registry to the verdict and its archive, through nothing but what is exported. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeJws } from '../../src/core/jws.js'
import { generateSigner } from '../../src/core/keys.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { issueVcJwtCredential } from '../../src/credential/vc-jwt.js'
import { openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import { definePassport } from '../../src/passport/definition.js'
import { presentMdoc } from '../../src/presentation/mdoc.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { presentVcJwt } from '../../src/presentation/vc-jwt.js'
import { statusChecker } from '../../src/status/checker.js'
import type { PublishedStatusList } from '../../src/status/publisher.js'
import { openStatusRegistry } from '../../src/status/registry.js'
import { memoryStore } from '../../src/store/memory.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyVcJwtPresentation } from '../../src/verification/vc-jwt.js'
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

/** The same passport as SD-JWT and as mdoc, under one root, with one id in one registry. */
async function makeTwoFormats() {
  const passport = definePassport({
    name: 'guild-badge',
    vct: 'https://guild.example/badge/1',
    docType: 'example.guild.badge.1',
    status: 'required',
    fields: {
      familyName: { schema: z.string(), claim: 'family_name', element: ['example.guild.1', 'family_name'] },
    },
  })
  const { issuer, signer, anchor } = await developmentIssuer({ now })
  const holder = await generateSigner('ES256')
  const registry = await openStatusRegistry({
    store: memoryStore(),
    signer,
    baseUri: 'https://status.example',
    size: 1024,
    now,
  })
  const [forSdJwt, forMdoc] = [
    await registry.allocate({ id: 'badge 1' }),
    await registry.allocate({ id: 'badge 1', format: 'mso_mdoc' }),
  ]
  const badge = { familyName: 'Specimen' }
  const common = { signer, holderKey: holder.publicJwk, now }
  const sdJwt = await issueSdJwtCredential(passport, badge, { ...common, issuer, status: forSdJwt })
  const mdoc = await issueMdocCredential(passport, badge, { ...common, status: forMdoc })
  const sessionTranscript = await openid4vpTranscript({
    clientId: audience,
    nonce,
    responseUri: `${audience}/response`,
  })
  const show = { passport, disclose: ['familyName'], signer: holder } as const
  const presentations = {
    sdJwt: await presentSdJwt(sdJwt, { ...show, audience, nonce, now }),
    mdoc: await presentMdoc(mdoc, { ...show, sessionTranscript }),
  }
  const expectations = { trust: trustAnchors([anchor]), expectedPassport: passport, now }

  const verify = async (status: ReturnType<typeof statusChecker>) => [
    await verifySdJwtPresentation(presentations.sdJwt, {
      ...expectations,
      status,
      expectedAudience: audience,
      expectedNonce: nonce,
    }),
    await verifyMdocPresentation(presentations.mdoc, {
      ...expectations,
      status,
      expectedSessionTranscript: sessionTranscript,
    }),
  ]
  return { registry, verify, lists: [forSdJwt.uri, forMdoc.uri], ...expectations }
}

/** A host of the files, each served as what it is. */
async function serve(files: readonly PublishedStatusList[], url: string): Promise<Response> {
  const { body, mediaType } = files.find(({ uri }) => uri === url)!
  return new Response(body, { headers: { 'content-type': mediaType } })
}

describe('a passport in two formats', () => {
  it('is suspended, reinstated and revoked in both at once, each by a list in its own form', async () => {
    const { registry, verify, lists } = await makeTwoFormats()
    let files: readonly PublishedStatusList[] = []
    const online = statusChecker({ fetch: url => serve(files, url), maxStaleness: 0 })
    const codes: string[][] = []
    for (const value of ['valid', 'suspended', 'valid', 'invalid'] as const) {
      await registry.set('badge 1', value)
      files = await registry.publish()
      const offline = statusChecker()
      await offline.importSnapshot(await online.exportSnapshot(lists))
      for (const checker of [online, offline])
        codes.push((await verify(checker)).map(verdict => (verdict.ok ? 'ok' : verdict.code)))
    }
    const both = (code: string) => [code, code]
    expect(codes).toEqual(
      ['ok', 'ok', 'status_suspended', 'status_suspended', 'ok', 'ok', 'status_revoked', 'status_revoked'].map(both),
    )
  })

  it('is verified again from the archive, with its list in either form', async () => {
    const { registry, verify, trust, expectedPassport } = await makeTwoFormats()
    const files = await registry.publish()
    for (const verdict of await verify(statusChecker({ fetch: url => serve(files, url) }))) {
      expect(verdict).toMatchObject({ ok: true, status: { checked: true, value: 'valid', source: 'fetched' } })
      const again = await reverifyEvidence(JSON.parse(JSON.stringify(verdict.evidence)), {
        trust,
        expectedPassport,
      })
      expect(again).toMatchObject({ ok: true, status: { checked: true } })
    }
  })
})

describe('a W3C credential in bitstring lists', () => {
  async function makeVcOffice(bits: 1 | 2) {
    const world = await makeWorld()
    const registry = await openStatusRegistry({
      store: memoryStore(),
      signer: world.signer,
      baseUri: 'https://status.example',
      issuer,
      bits,
      now,
    })
    const status = await registry.allocate({ id: 'card 1', format: 'vc+jwt' })
    const credential = await issueVcJwtCredential(guildCard, record, {
      issuer,
      signer: world.signer,
      holderKey: world.holder.publicJwk,
      status,
      now,
    })
    const presentation = await presentVcJwt(credential, {
      disclose: [['credentialSubject', 'family_name']],
      audience,
      nonce,
      signer: world.holder,
      now,
    })
    let files = await registry.publish()
    const asked: string[] = []
    const fetch = async (url: string) => {
      asked.push(url)
      const file = files.find(({ uri }) => uri === url)
      return new Response(file?.body ?? null, { headers: { 'content-type': file?.mediaType ?? 'text/plain' } })
    }
    const publish = async () => {
      files = await registry.publish()
    }
    const options = { ...expectations(world), status: statusChecker({ fetch, maxStaleness: 0 }) }
    return { registry, status, presentation, options, publish, asked, files }
  }

  it('is accepted, refused while suspended, accepted again, and refused for good', async () => {
    const { registry, presentation, options, publish } = await makeVcOffice(2)
    const codes: string[] = []
    for (const value of ['valid', 'suspended', 'valid', 'invalid'] as const) {
      await registry.set('card 1', value)
      await publish()
      const verdict = await verifyVcJwtPresentation(presentation, options)
      codes.push(verdict.ok ? 'ok' : verdict.code)
    }
    expect(codes).toEqual(['ok', 'status_suspended', 'ok', 'status_revoked'])
  })

  it('has every list asked that it names, and is verified again from the archive', async () => {
    const { presentation, options, status, asked } = await makeVcOffice(2)
    expect(status).toMatchObject({
      bitstring: { revocation: `${status.uri}/revocation`, suspension: `${status.uri}/suspension` },
    })
    const verdict = await verifyVcJwtPresentation(presentation, options)
    expect(verdict).toMatchObject({ ok: true, status: { checked: true, value: 'valid' } })
    expect(asked.toSorted()).toEqual([`${status.uri}/revocation`, `${status.uri}/suspension`])
    const { trust, expectedPassport } = options
    const again = await reverifyEvidence(JSON.parse(JSON.stringify(verdict.evidence)), { trust, expectedPassport })
    expect(again).toMatchObject({ ok: true })
  })

  it('stands in one list where nothing can be suspended', async () => {
    const { registry, presentation, options, publish, asked, status } = await makeVcOffice(1)
    expect(status.bitstring).toEqual({ revocation: `${status.uri}/revocation` })
    await registry.set(status, 'invalid')
    await publish()
    expect(await verifyVcJwtPresentation(presentation, options)).toMatchObject({ ok: false, code: 'status_revoked' })
    expect(asked).toEqual([`${status.uri}/revocation`])
  })

  it('has a past, file by file, and stands in no index of tokens', async () => {
    const world = await makeWorld()
    let time = now()
    const registry = await openStatusRegistry({
      store: memoryStore(),
      signer: world.signer,
      baseUri: 'https://status.example',
      issuer,
      history: 86_400,
      now: () => time,
    })
    const status = await registry.allocate({ format: 'vc+jwt' })
    const [before] = await registry.publish()
    const first = time
    time = new Date(first.getTime() + 3_600_000)
    await registry.set(status, 'invalid')
    const [after] = await registry.publish()
    const uri = status.bitstring!.revocation
    const past = await registry.fileAt(uri, first)
    const listOf = (body: unknown) => decodeJws(body as string).payload['credentialSubject']
    expect(listOf(past!.body)).toEqual(listOf(before!.body))
    expect(listOf(past!.body)).not.toEqual(listOf(after!.body))
    expect(await registry.file(uri)).toEqual(after)
    expect(JSON.parse((await registry.aggregation()).body as string)).toEqual({ status_lists: [] })
  })
})
