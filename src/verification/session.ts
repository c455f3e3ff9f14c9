/** The session that an mdoc must be presented in, read from the caller's options before the input is looked at. */
import { expectObject } from '../core/arguments.js'
import type { Jwk } from '../core/jwk.js'
import { expectTranscript, type SessionTranscript } from '../formats/mdoc/session-transcript.js'
import { diagnoseDevice } from './device-diagnosis.js'
import { type ReaderKey, readReaderKey } from './device-mac.js'

export interface SessionOptions {
  /** The session, as `openid4vpTranscript(…)` and its like make it, or the bytes of the CBOR array without tag 24. */
  readonly expectedSessionTranscript: SessionTranscript | Uint8Array
  /** The reader's private key of this session, where the device may prove its presence with a MAC. */
  readonly readerKey?: Jwk | undefined
}

export interface Session {
  readonly transcript: SessionTranscript
  readonly readerKey: ReaderKey | undefined
  /** Names the neighbouring session that a refused proof was made for; absent: nobody asks. */
  readonly diagnose?: typeof diagnoseDevice | undefined
}

/** Throws `TypeError` naming the argument. */
export async function readSession(options: SessionOptions): Promise<Session> {
  expectObject(options, 'options')
  const { expectedSessionTranscript, readerKey } = options
  return {
    transcript: expectTranscript(expectedSessionTranscript, 'expectedSessionTranscript'),
    readerKey: await readReaderKey(readerKey),
    diagnose: diagnoseDevice,
  }
}
