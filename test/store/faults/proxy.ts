/** A way to a server that breaks when it is told to. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export type Cut = 'never' | 'before the request' | 'before the answer'

export interface Way {
  readonly port: number
  /** Breaks the connection at each of the next `times` requests that have `text` in them; all of them by default. */
  cutAt(text: string, when: Cut, times?: number): void
  /** Breaks every connection now. */
  cut(): void
}

export async function proxyTo(host: string, port: number): Promise<Way> {
  const sockets = new Set<Socket>()
  let watched = ''
  let when: Cut = 'never'
  let left = 0

  const server = createServer(client => {
    const upstream = connect(port, host)
    let isCutNext = false
    const end = () => {
      client.resetAndDestroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    client.on('data', data => {
      const isWatched = when !== 'never' && left > 0 && data.includes(watched)
      if (isWatched) left--
      if (isWatched && when === 'before the request') return end()
      isCutNext ||= isWatched
      upstream.write(data)
    })
    upstream.on('data', data => (isCutNext ? end() : client.write(data)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cutAt(text, next, times = Number.POSITIVE_INFINITY) {
      watched = text
      when = next
      left = times
    },
    cut() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
  }
}
