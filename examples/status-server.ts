/**
 * Status lists from a server instead of a folder: the registry stands in SQLite, a handler answers from it, and a bank asks
 * for the present and for the past. Whatever ends TLS stands before the server; here that is `throughProxy`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import {
  citizenPassport,
  generateSigner,
  issueSdJwtCredential,
  openStatusRegistry,
  statusChecker,
  trustAnchors,
  verifyCredential,
} from 'vidimus'
import { type RequestHandler, statusListHandler } from 'vidimus/http'
import { sqliteStore } from 'vidimus/store/sqlite'
import { developmentIssuer } from 'vidimus/testing'

const baseUri = 'https://status.example/lists'
const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://passport.example', country: 'RU' })

// An hour is told by moving the clock: the first list is published at 11, the second at 12

const noon = Math.floor(Date.now() / 1000) * 1000
const [eleven, halfPast] = [new Date(noon - 3600_000), new Date(noon - 1800_000)]
let time = eleven
const now = () => time

const place = await mkdtemp(join(tmpdir(), 'vidimus-status-'))
const database = new Database(join(place, 'vidimus.db'))
const store = sqliteStore(database)
await store.migrate()
const registry = await openStatusRegistry({
  store,
  signer,
  baseUri,
  history: 7 * 86_400, // a week of the past can be asked for; without it the answer is 501
  aggregationUri: `${baseUri}/all`,
  now,
})

// The server: any framework whose handlers are Request → Response takes the handler as it is; Node's own needs these lines

const handler = statusListHandler(registry, { baseUri, aggregationUri: `${baseUri}/all`, now, onError: console.error })

const listener = (handle: RequestHandler) => async (incoming: IncomingMessage, outgoing: ServerResponse) => {
  try {
    const { accept = '*/*', 'accept-encoding': encoding = 'identity', 'if-none-match': known } = incoming.headers
    const headers = { accept, 'accept-encoding': String(encoding), ...(known && { 'if-none-match': known }) }
    const method = incoming.method ?? 'GET'
    const response = await handle(new Request(new URL(incoming.url ?? '/', baseUri), { method, headers }))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(new Uint8Array(await response.arrayBuffer()))
  } catch {
    outgoing.writeHead(400).end() // what is no URL, and methods that no Request may have
  }
}

const server = createServer(listener(handler))
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

// The bank. Out in the world: statusChecker({ fetch: guardedFetch(), maxStaleness: 900 }), with guardedFetch of vidimus/http

const throughProxy = async (uri: string, init?: RequestInit) => {
  const response = await fetch(uri.replace('https://status.example', origin), init)
  return new Response(response.body, response) // without the address it came from: lists come from whom their address names
}
const present = statusChecker({ fetch: throughProxy, maxStaleness: 900 })
const past = statusChecker({ fetch: throughProxy, history: true })
const trust = trustAnchors([anchor])

const record = JSON.parse(await readFile('examples/data/citizen-passport.json', 'utf8'))
const reference = await registry.allocate({ id: 'passport-1' })
const credential = await issueSdJwtCredential(citizenPassport, citizenPassport.parse(record), {
  issuer,
  signer,
  holderKey: (await generateSigner('ES256')).publicJwk,
  status: reference,
  now,
})
await registry.publish()

time = new Date(noon)
await registry.set('passport-1', 'suspended', { reason: 'reported_lost', actor: 'operator' })
await registry.publish()

const today = await verifyCredential(credential, { trust, status: present, expectedPassport: citizenPassport, now })
expect('at noon', today.ok ? 'valid' : today.code, 'status_suspended')

const then = () => halfPast
const before = await verifyCredential(credential, { trust, status: past, expectedPassport: citizenPassport, now: then })
expect('half an hour before, asked of the list of that time', before.ok ? 'valid' : before.code, 'valid')

// What a cache between the two sees

const first = await throughProxy(reference.uri)
expect('a list', `${first.status} ${first.headers.get('content-type')}`, '200 application/statuslist+jwt')
const etag = first.headers.get('etag') ?? ''
const again = await throughProxy(reference.uri, { headers: { 'if-none-match': etag } })
expect('the same list again', again.status, 304)
const atHalfPast = await throughProxy(`${reference.uri}?time=${halfPast.getTime() / 1000}`)
expect('the list of half an hour before', atHalfPast.status, 200)
const tooEarly = await throughProxy(`${reference.uri}?time=${eleven.getTime() / 1000 - 1}`)
expect('a list from before the first', tooEarly.status, 404)
const all = (await (await throughProxy(`${baseUri}/all`)).json()) as { status_lists: string[] }
expect('the index of lists', all.status_lists.join(), reference.uri)

server.close()
server.closeAllConnections()
database.close()
await rm(place, { recursive: true })

function expect(what: string, found: string | number, wanted: string | number): void {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`)
  console.log(`${what}: ${found}`)
}
