/**
 * The modules of Node that a guarded fetch is made of, loaded on first use and typed by what is used of them: a page or worker
 * may import this entry for its handlers.
 */

export interface NodeModules {
  readonly https: { request(options: ConnectionOptions): ClientRequest }
  readonly tls: {
    readonly rootCertificates: readonly string[]
    /** Since Node 22.15. */
    getCACertificates?(kind: 'default'): readonly string[]
    createSecureContext(options: { ca: readonly string[] }): object
  }
  readonly crypto: { readonly X509Certificate: new (certificate: string | Uint8Array) => { toString(): string } }
  readonly dns: { lookup(host: string, options: { all: true }): Promise<readonly { readonly address: string }[]> }
  readonly zlib: { createGunzip(): AsyncIterable<Uint8Array> }
  readonly stream: {
    pipeline<Last>(source: AsyncIterable<Uint8Array>, last: Last, done: (error?: unknown) => void): Last
  }
}

export interface ConnectionOptions {
  readonly host: string
  readonly port: number
  readonly path: string
  readonly method: 'GET'
  readonly headers: Readonly<Record<string, string>>
  /** `false`: a connection of its own, closed behind the answer. */
  readonly agent: false
  readonly lookup: Lookup
  readonly rejectUnauthorized: true
  readonly secureContext: object | undefined
  readonly maxHeaderSize: number
  readonly insecureHTTPParser: false
  /** Milliseconds without a byte. */
  readonly timeout: number
}

export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

export type Lookup = (
  host: string,
  options: { readonly all?: boolean },
  answer: (error: null, address: string | readonly ResolvedAddress[], family?: number) => void,
) => void

export interface ClientRequest {
  on(event: 'response', listener: (message: IncomingMessage) => void): void
  on(event: 'error', listener: (error: unknown) => void): void
  on(event: 'timeout' | 'close', listener: () => void): void
  end(): void
  destroy(): void
}

export interface IncomingMessage extends AsyncIterable<Uint8Array> {
  readonly statusCode?: number
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
}

interface Surroundings {
  readonly navigator?: { readonly userAgent?: string }
  readonly process?: { getBuiltinModule?(name: string): unknown }
}

/** Throws `TypeError` anywhere but in Node: those who imitate it do not all connect where they are told to. */
export function nodeModules(): NodeModules {
  const { navigator, process } = globalThis as unknown as Surroundings
  const isNode = navigator?.userAgent === undefined || navigator.userAgent.startsWith('Node.js/')
  if (!isNode || typeof process?.getBuiltinModule !== 'function') throw new TypeError('a guarded fetch needs Node')
  const load = <Name extends keyof NodeModules>(name: Name, path: string = name) =>
    process.getBuiltinModule?.(`node:${path}`) as NodeModules[Name]
  return {
    https: load('https'),
    tls: load('tls'),
    crypto: load('crypto'),
    dns: load('dns', 'dns/promises'),
    zlib: load('zlib'),
    stream: load('stream'),
  }
}
