/** A real http server of Node around a handler, and a fetch for which it is the host of every https address. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fetch } from '../../src/core/fetch.js'
import type { RequestHandler } from '../../src/http/answer.js'

export interface NodeServer {
  /** Leads here as a proxy that ends TLS would, and hands the answer on without the address it came from. */
  readonly fetch: Fetch
  /** `http://127.0.0.1:…` */
  readonly origin: string
  /** The paths asked, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

export async function serve(handler: RequestHandler): Promise<NodeServer> {
  const asked: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    asked.push(incoming.url ?? '')
    await answer(incoming, outgoing, handler)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    fetch: async (url, init) => {
      const { pathname, search } = new URL(url)
      const response = await fetch(origin + pathname + search, init)
      return new Response(response.body, response)
    },
    origin,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handler: RequestHandler): Promise<void> {
  const { url, method = 'GET', headers } = incoming
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string])
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks)
  const response = await handler(new Request(`http://127.0.0.1${url}`, { method, headers: given, body }))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(new Uint8Array(await response.arrayBuffer()))
}
