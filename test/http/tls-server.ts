/** A real https server on this machine, with a certificate made on the spot, and an internet that leads to it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { vi } from 'vitest'
import { newFolder } from '../openssl.js'

export interface Certified {
  readonly key: string
  readonly cert: string
}

/** A certificate that signs itself, for one name. */
export function certify(name: string): Certified {
  const folder = newFolder()
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem']
  const says = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  execFileSync('openssl', ['req', ...made, ...files, ...says], { cwd: folder, stdio: 'pipe' })
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  return { key: read('key.pem'), cert: read('cert.pem') }
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface TlsServer {
  readonly port: number
  /** The paths asked, in order. */
  readonly asked: string[]
  /** Connections that are open now. */
  readonly open: Set<Duplex>
  readonly lastHeaders: () => IncomingMessage['headers']
  serve(answer: Answer): void
  close(): Promise<void>
}

export async function startServer(certified: Certified): Promise<TlsServer> {
  let answer: Answer = (_, response) => response.end('hello')
  let headers: IncomingMessage['headers'] = {}
  const asked: string[] = []
  const open = new Set<Duplex>()
  const server = https.createServer({ ...certified }, (request, response) => {
    asked.push(request.url ?? '')
    headers = request.headers
    answer(request, response)
  })
  server.on('connection', socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    open,
    lastHeaders: () => headers,
    serve(next) {
      answer = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** What a connection's own lookup gave, each time it was asked. */
export type Route = { readonly address: string; readonly family: number }[]

/**
 * An internet in which every address leads to this machine: connections are made as they would be, but for the last step.
 * `restore` the spy.
 */
export function leadHome() {
  const given: Route[] = []
  const real = https.request
  const home: (lookup: LookupFunction) => LookupFunction = lookup => (host, options, answer) =>
    lookup(host, { ...options, all: true }, (error, addresses) => {
      given.push([...(addresses as Route)])
      if (options.all === true) answer(error, [{ address: '127.0.0.1', family: 4 }])
      else answer(error, '127.0.0.1', 4)
    })
  const spy = vi
    .spyOn(https, 'request')
    .mockImplementation(((options: https.RequestOptions) =>
      real({ ...options, lookup: home(options.lookup!) })) as typeof https.request)
  return { given, restore: () => spy.mockRestore() }
}
