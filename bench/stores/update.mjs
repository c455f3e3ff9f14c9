/** Many updates of one list at once, with publishers between them: none is lost. */
import { statusAt, statusListJwt } from 'vidimus/status'
import { defaultOf, newPlace, openRegistry, openStore, require, seconds, startChild } from './world.mjs'

export async function update(kind, { processes, count }) {
  const { place, remove } = await newPlace(kind)
  const { store, close } = await openStore(kind, place)
  const registry = await openRegistry(store, { decoys: 0, size: 2 ** 17 })
  const places = []
  for (let n = 0; n < count; n += 200)
    places.push(
      ...(await Promise.all(numbers(n, Math.min(n + 200, count)).map(m => registry.allocate({ id: `passport ${m}` })))),
    )
  require(new Set(places.map(({ uri }) => uri)).size === 1, 'the places are in one list')
  const started = performance.now()
  const children = Array.from({ length: processes }, (_, at) =>
    startChild({ name: 'update', kind, place, from: at, every: processes, count, pool: 16 }),
  )
  for (const { ended } of children) require((await ended).code === 0, 'a process that updates failed')
  const took = seconds(started)
  const [file] = await registry.publish()
  await close()
  await remove()
  const list = await opened(file)
  const wrong = places.filter(({ index }, n) => statusAt(list, index) !== (Math.floor(n / processes) % 2 === 0 ? 1 : 2))
  require(wrong.length === 0, `${wrong.length} updates were lost`)
  console.log(
    `${kind}: ${processes} processes made ${count} updates of one list, published ${file.version} times meanwhile, ` +
      `${wrong.length} lost, ${took} s, ${Math.round(count / Number(took))} a second`,
  )
}

const numbers = (from, to) => Array.from({ length: to - from }, (_, n) => from + n)

/** What was published, unfolded without asking who signed it. */
async function opened({ body }) {
  const { bits, lst } = statusListJwt.parse(body, defaultOf)
  const { inflateSync } = await import('node:zlib')
  return { bits, packed: new Uint8Array(inflateSync(lst)) }
}
