/** DEFLATE without a wrapper (RFC 1951), as ZIP has it, by the platform's own stream. */

/** Bytes fed at once: a stream that grows a thousandfold is stopped before much of it exists. */
const slice = 4096

/** The bytes of a stream, at most `limit` of them; `undefined` for more and for what is malformed. */
export async function inflateRaw(data: Uint8Array, limit: number): Promise<Uint8Array | undefined> {
  const whole = new Uint8Array(limit)
  let length = 0
  const reader = sliced(data).pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return whole.subarray(0, length)
      if (length + value.length > limit) break
      whole.set(value, length)
      length += value.length
    }
  } catch {
    return undefined
  }
  await reader.cancel().catch(() => undefined)
  return undefined
}

function sliced(data: Uint8Array): ReadableStream<BufferSource> {
  let offset = 0
  return new ReadableStream({
    pull(controller) {
      if (offset >= data.length) controller.close()
      else controller.enqueue(new Uint8Array(data.subarray(offset, (offset += slice))))
    },
  })
}
