/** Publications: every change is part of exactly one, versions follow one another, and what is forgotten is gone. */
import type { PublishedBits, StatusChange, StatusFileRow } from '../../status/store.js'
import type { Case, WholeStore } from './case.js'
import { expectSame, expectTrue, rejection } from './expect.js'
import { expectGoingOn, expectWaiting, hold, parallel, runsSideBySide, settles, undone } from './held.js'
import { all, at, bytes, entry, file, list, numbers, publication, uriOf } from './samples.js'
import { publish } from './seed.js'

export const publicationCases: readonly Case[] = [
  [
    'is not there before the first',
    async store => {
      await open(store)
      await store.transaction(async transaction => {
        expectSame(await store.lockPublication(transaction, uriOf('a')), undefined, 'the latest')
        expectSame(await store.findPublicationAt(transaction, uriOf('a'), at(1e9)), undefined, 'the one at a time')
        expectSame(await store.findStatusFile(transaction, uriOf('a')), undefined, 'its file')
        expectSame(await all(store.takeChanges(transaction, uriOf('a'), 1)), [], 'changes')
        expectSame(
          await all(store.findChangesBetween(transaction, uriOf('a'), 0, Number.MAX_SAFE_INTEGER)),
          [],
          'changes with it',
        )
      })
    },
  ],
  [
    'is kept as it was handed in, with its files, in place of the one before',
    async store => {
      await open(store)
      const first = publication(1, { compressed: bytes(256), issued: at(0.5) })
      await insert(store, first, [file('x', 1), file('y', 1, { mediaType: 'application/statuslist+cwt' })])
      expectSame(await latest(store), first, 'the first')
      const second = publication(2, { compressed: new Uint8Array(0) })
      await insert(store, second, [file('x', 2, { body: bytes(256) }), file('z', 2, { body: new Uint8Array(0) })])
      expectSame(await latest(store), second, 'the second')
      expectSame(await latest(store, 'b'), undefined, 'that of another list')
      const files = [
        file('x', 2, { body: bytes(256) }),
        file('y', 1, { mediaType: 'application/statuslist+cwt' }),
        file('z', 2, { body: new Uint8Array(0) }),
      ]
      for (const row of files)
        expectSame(await store.transaction(open => store.findStatusFile(open, row.uri)), row, 'a file')
    },
  ],
  [
    'may be a megabyte that nothing compresses',
    async store => {
      await open(store)
      const large = bytes(2 ** 20, 7)
      await insert(store, publication(1, { compressed: large }), [file('x', 1, { body: large })])
      expectSame(await latest(store), publication(1, { compressed: large }), 'the publication')
      const found = await store.transaction(open => store.findStatusFile(open, uriOf('x')))
      expectSame(found?.body, large, 'the file')
    },
  ],
  [
    'is found by any time from its issue to that of the next',
    async store => {
      await open(store)
      for (const version of numbers(12).map(number => number + 1)) await publish(store, version)
      await insert(store, publication(13, { issued: at(12 * 3600) }), [])
      const versionAt = async (seconds: number) => {
        const found = await store.transaction(open => store.findPublicationAt(open, uriOf('a'), at(seconds)))
        if (found !== undefined && found.version < 12) {
          const { compressed: _, ...row } = publication(found.version)
          expectSame(found, row, 'a publication')
        }
        return found?.version
      }
      expectSame(await versionAt(3599.999), undefined, 'a millisecond before the first')
      expectSame(await versionAt(3600), 1, 'at the first')
      expectSame(await versionAt(7199.999), 1, 'a millisecond before the second')
      expectSame(await versionAt(9 * 3600 + 1), 9, 'after the ninth')
      expectSame(await versionAt(1e9), 13, 'after the last two, of the same second')
    },
  ],
  [
    'has its version to itself',
    async store => {
      await open(store)
      await insert(store, publication(1), [file('x', 1)])
      const other = publication(1, { compressed: bytes(3) })
      await rejection(insert(store, other, [file('x', 1, { body: bytes(3) })]), 'a second publication of version 1')
      expectSame(await latest(store), publication(1), 'the first')
      const found = await store.transaction(transaction => store.findStatusFile(transaction, uriOf('x')))
      expectSame(found, file('x', 1), 'its file')
    },
  ],
  [
    'is not kept after a later one, and writes nothing',
    async store => {
      await open(store)
      await insert(store, publication(3), [file('x', 3)])
      await rejection(insert(store, publication(2), [file('y', 2)]), 'version 2 after version 3')
      expectSame(await latest(store), publication(3), 'the latest')
      const found = await store.transaction(transaction => store.findStatusFile(transaction, uriOf('y')))
      expectSame(found, undefined, 'the file of the earlier one')
      expectSame(
        await store.transaction(transaction => store.findPublicationAt(transaction, uriOf('a'), at(2 * 3600))),
        undefined,
        'the earlier one, by its time',
      )
    },
  ],
  [
    'puts no file in place of a later one, and writes nothing then',
    async store => {
      await open(store)
      await insert(store, publication(1), [file('x', 5)])
      for (const version of [4, 5]) {
        const files = [file('y', 2), file('x', version, { body: bytes(3) })]
        await rejection(insert(store, publication(2), files), `version ${version} of a file after version 5`)
      }
      expectSame(await latest(store), publication(1), 'the latest')
      const found = (name: string) => store.transaction(open => store.findStatusFile(open, uriOf(name)))
      expectSame(await found('x'), file('x', 5), 'the file')
      expectSame(await found('y'), undefined, 'the other file of what was refused')
    },
  ],
  [
    'is asked of no list that nobody began, and kept of none',
    async store => {
      await open(store)
      const refused = (what: string, work: Parameters<WholeStore['transaction']>[0]) =>
        rejection(store.transaction(work), `${what} of an unknown list`)
      await refused('the latest', transaction => store.lockPublication(transaction, uriOf('c')))
      await refused('the latest, read,', transaction => store.findPublished(transaction, uriOf('c')))
      await refused('a publication', transaction =>
        store.insertPublication(transaction, uriOf('c'), publication(1), [file('c.jwt', 1)]),
      )
    },
  ],
  [
    'takes each change once, in the order in which an entry was changed',
    async store => {
      await open(store)
      await change(store, [1, 2], [2, 1], [1, 0], [1, 3])
      await change(store, [9, 1], 'b')
      expectSame(chainOf(await publish(store, 1), 1), [0, 2, 0, 3], 'the changes of an entry')
      expectSame(await publish(store, 2), [], 'the changes since')
      await change(store, [1, 0])
      expectSame(await publish(store, 3), [{ index: 1, before: 3, after: 0 }], 'the changes since')
      const others = await store.transaction(open => all(store.takeChanges(open, uriOf('b'), 1)))
      expectSame(others, [{ index: 9, before: 0, after: 1 }], 'the changes of another list')
    },
  ],
  [
    'takes changes again that an undone one had taken',
    async store => {
      await open(store)
      await change(store, [1, 2], [2, 1])
      await undone(store, transaction => all(store.takeChanges(transaction, uriOf('a'), 1)))
      expectSame((await publish(store, 1)).length, 2, 'the number of changes')
    },
  ],
  [
    'takes 1,500 changes, in as many pages as it likes',
    async store => {
      await open(store)
      await store.transaction(async transaction => {
        for (const round of numbers(75))
          for (const index of numbers(20))
            await store.updateStatusEntry(transaction, entry(index, { value: round }), round + 1)
      })
      const taken = await publish(store, 1)
      expectSame(taken.length, 1500, 'the number of changes')
      for (const index of numbers(20)) expectSame(chainOf(taken, index), numbers(76), `the changes of entry ${index}`)
      const found = await changesAfter(store, 0)
      for (const index of numbers(20))
        expectSame(chainOf(found.toReversed(), index), numbers(76), `the changes of entry ${index}, backwards`)
    },
  ],
  [
    'is led back to by the changes after it, the latest first',
    async store => {
      await open(store)
      await change(store, [1, 1], [2, 2])
      await publish(store, 1)
      await change(store, [1, 2], [3, 1])
      await publish(store, 2)
      await change(store, [1, 3], [1, 0], [2, 0])
      await publish(store, 3)
      await change(store, [4, 1])
      const states = new Map([
        [0, { 1: 0, 2: 0, 3: 0 }],
        [1, { 1: 1, 2: 2, 3: 0 }],
        [2, { 1: 2, 2: 2, 3: 1 }],
        [3, { 1: 0, 2: 0, 3: 1 }],
      ])
      for (const [version, expected] of states) {
        const state: Record<number, number> = { 1: 0, 2: 0, 3: 1 }
        for (const { index, before, after } of await changesAfter(store, version)) {
          expectSame(state[index], after, `entry ${index}, on the way back to version ${version}`)
          state[index] = before
        }
        expectSame(state, expected, `the entries as of version ${version}`)
      }
      expectSame(await changesAfter(store, 3), [], 'the changes after the last')
    },
  ],
  [
    'is forgotten once it ran out, with the changes that lead back to it, but never the latest',
    async store => {
      await open(store)
      for (const version of [1, 2, 3, 4]) {
        await change(store, [version, 1])
        await publish(store, version)
      }
      await change(store, [5, 1])
      await store.transaction(open => store.insertPublication(open, uriOf('b'), publication(1), [file('b.jwt', 1)]))
      const forget = (before: Date) => store.transaction(open => store.forgetPublications(open, uriOf('a'), before))
      const versions = async () => {
        const found: (number | undefined)[] = []
        for (const version of [1, 2, 3, 4])
          found.push(
            (await store.transaction(open => store.findPublicationAt(open, uriOf('a'), at(version * 3600))))?.version,
          )
        return found
      }
      const touched = async (version = 0) => (await changesAfter(store, version)).map(({ index }) => index).toSorted()
      await forget(at(0))
      expectSame(await versions(), [1, 2, 3, 4], 'the publications, before any ran out')
      expectSame(await touched(1), [2, 3, 4], 'the changes that lead back to the first, before any ran out')
      await forget(at(2 * 3600 + 86_400.001))
      expectSame(await versions(), [undefined, undefined, 3, 4], 'the publications, once two ran out')
      expectSame(await touched(), [4], 'the changes, once two ran out')
      await forget(at(1e9))
      expectSame(await versions(), [undefined, undefined, undefined, 4], 'the publications, once all ran out')
      expectSame(await touched(), [], 'the changes, once all ran out')
      expectSame(await latest(store), publication(4), 'the latest')
      expectSame(
        await store.transaction(open => store.findStatusFile(open, uriOf('a.jwt'))),
        file('a.jwt', 4),
        'its file',
      )
      expectSame(await latest(store, 'b'), publication(1), 'that of another list')
      expectSame(await publish(store, 5), [{ index: 5, before: 0, after: 1 }], 'the change that is in none yet')
    },
  ],
  [
    'is found as the latest by who only reads, within and after its transaction',
    async store => {
      await open(store)
      const read = () => store.transaction(transaction => store.findPublished(transaction, uriOf('a')))
      expectSame(await read(), undefined, 'the latest before the first')
      await store.transaction(async transaction => {
        await store.insertPublication(transaction, uriOf('a'), publication(1), [])
        expectSame(await store.findPublished(transaction, uriOf('a')), publication(1), 'the latest within')
      })
      expectSame(await read(), publication(1), 'the latest')
      await insert(store, publication(2), [])
      expectSame(await read(), publication(2), 'the latest after a second one')
    },
  ],
  [
    'makes its list one of those that were published, while the list lives',
    async store => {
      await open(store)
      const published = (until: number) =>
        store.transaction(transaction => store.findPublishedStatusLists(transaction, list('a').registry, at(until)))
      expectSame(await published(0), [], 'the lists before a publication')
      await insert(store, publication(1), [])
      const { uri, format } = list('a')
      expectSame(await published(0), [{ uri, format }], 'the lists after one')
      const elsewhere = store.transaction(transaction =>
        store.findPublishedStatusLists(transaction, 'https://nobody.example', at(0)),
      )
      expectSame(await elsewhere, [], 'the lists of another registry')
    },
  ],
  [
    'goes on after a gap, and nobody allocates, once lists are abandoned',
    async store => {
      await open(store)
      await insert(store, publication(1), [file('a.jwt', 1)])
      const registry = list('a').registry
      await undone(store, transaction => store.abandonStatusLists(transaction, registry, 100))
      expectSame((await latest(store))?.version, 1, 'the version when it is undone')
      await store.transaction(transaction => store.abandonStatusLists(transaction, 'https://nobody.example', 100))
      expectSame((await latest(store))?.version, 1, 'the version when another registry does')
      await store.transaction(transaction => store.abandonStatusLists(transaction, registry, 100))
      expectSame((await latest(store))?.version, 101, 'the version then')
      expectSame(await latest(store, 'b'), undefined, 'a list that was not published')
      for (const name of ['a', 'b']) {
        const lease = store.transaction(transaction => store.leasePlaces(transaction, uriOf(name), 1))
        expectSame(await lease, undefined, 'a lease')
      }
      await insert(store, publication(102), [file('a.jwt', 102)])
      const first = store.transaction(open => store.insertPublication(open, uriOf('b'), publication(1), []))
      await first
      expectSame((await latest(store, 'b'))?.version, 1, 'the first of the other')
    },
  ],
  [
    'is forgotten from the oldest on, up to the first that had not run out',
    async store => {
      await open(store)
      const dated = (version: number, expires: number) => ({ ...publication(version), expires: at(expires) })
      await insert(store, dated(1, 90_000), [])
      await insert(store, dated(2, 20_000), [])
      await insert(store, dated(3, 30_000), [])
      await store.transaction(transaction => store.forgetPublications(transaction, uriOf('a'), at(50_000)))
      const found = (version: number) =>
        store.transaction(open => store.findPublicationAt(open, uriOf('a'), publication(version).issued))
      for (const version of [1, 2, 3]) expectSame((await found(version))?.version, version, 'a publication')
      await store.transaction(transaction => store.forgetPublications(transaction, uriOf('a'), at(90_001)))
      expectSame(await found(2), undefined, 'one before the latest')
    },
  ],
  [
    'is led back to from any later one',
    async store => {
      await open(store)
      await change(store, 'a', [1, 1], [2, 1])
      await publish(store, 1)
      await change(store, 'a', [3, 1])
      await publish(store, 2)
      await change(store, 'a', [4, 1], [3, 2])
      await publish(store, 3)
      const between = async (after: number, upTo: number) =>
        (
          await store.transaction(transaction => all(store.findChangesBetween(transaction, uriOf('a'), after, upTo)))
        ).map(({ index }) => index)
      expectSame(await between(1, 2), [3], 'the changes of the second')
      expectSame(await between(0, 2), [3, 2, 1], 'the changes of the first two')
      expectSame(await between(2, 3), [3, 4], 'the changes of the third')
      expectSame(await between(2, 2), [], 'the changes of none')
    },
  ],
  [
    'waits for another of the same list',
    async store => {
      await open(store)
      for (const version of [1, 2]) {
        const first = await hold(store, transaction => store.lockPublication(transaction, uriOf('a')))
        const second = publish(store, version)
        await expectWaiting(second, 'a second publication of the list')
        await (version === 1 ? first.undo() : first.commit())
        await second
      }
      const third = await hold(store, async transaction => {
        await store.lockPublication(transaction, uriOf('a'))
        await store.insertPublication(transaction, uriOf('a'), publication(3), [])
      })
      const fourth = latest(store)
      await expectWaiting(fourth, 'a second publication of the list')
      await third.commit()
      expectSame((await fourth)?.version, 3, 'the latest, as the next one sees it')
    },
  ],
  [
    'holds up nobody else, where transactions run side by side',
    async store => {
      await open(store)
      await publish(store, 1)
      if (!(await runsSideBySide(store))) return
      const held = await hold(store, transaction => store.lockPublication(transaction, uriOf('a')))
      const run = (what: string, work: Parameters<WholeStore['transaction']>[0]) =>
        expectGoingOn(store.transaction(work), `${what}, during a publication,`)
      await run('that of another list', transaction => store.lockPublication(transaction, uriOf('b')))
      await run('a change', transaction => store.updateStatusEntry(transaction, entry(1), 1))
      await run('a new entry', transaction => store.insertStatusEntry(transaction, entry(500)))
      await run('a lease', transaction => store.leasePlaces(transaction, uriOf('a'), 1))
      await run('reading a file', transaction => store.findStatusFile(transaction, uriOf('a.jwt')))
      await run('reading the latest', transaction => store.findPublished(transaction, uriOf('a')))
      await held.commit()
    },
  ],
  [
    'misses no change that began before it and was committed after it',
    async store => {
      await open(store)
      const early = await hold(store, transaction => store.updateStatusEntry(transaction, entry(1), 1))
      const late = store.transaction(transaction => store.updateStatusEntry(transaction, entry(2), 2))
      const between = late.then(() => publish(store, 1))
      await settles(between)
      await early.commit()
      const taken = [...(await between), ...(await publish(store, 2))]
      expectSame(taken.map(({ index }) => index).toSorted(), [1, 2], 'the entries whose change was published')
      expectSame((await changesAfter(store, 0)).length, 2, 'the number of changes that lead back')
    },
  ],
  [
    'misses and repeats no change of 8 writers, made by 3 publishers at the same time',
    async store => {
      await open(store)
      const published: { version: number; changes: readonly StatusChange[] }[] = []
      const publishOnce = () =>
        store.transaction(async transaction => {
          const version = ((await store.lockPublication(transaction, uriOf('a')))?.version ?? 0) + 1
          const changes = await all(store.takeChanges(transaction, uriOf('a'), version))
          await store.insertPublication(transaction, uriOf('a'), publication(version), [file('a.jwt', version)])
          return { version, changes }
        })
      const publishers = parallel(3, async () => {
        for (let round = 0; round < 6; round++) published.push(await publishOnce())
      })
      await parallel(8, async index => {
        for (const value of numbers(12))
          await store.transaction(transaction =>
            store.updateStatusEntry(transaction, entry(index, { value }), value + 1),
          )
      })
      await publishers
      published.push(await publishOnce())
      const inOrder = published.toSorted((a, b) => a.version - b.version)
      expectSame(
        inOrder.map(({ version }) => version),
        numbers(19).map(number => number + 1),
        'the versions',
      )
      const taken = inOrder.flatMap(({ changes }) => changes)
      for (const index of numbers(8)) expectSame(chainOf(taken, index), numbers(13), `the changes of entry ${index}`)
      expectSame((await changesAfter(store, 0)).length, 96, 'the number of changes that lead back')
      expectTrue((await latest(store))?.version === 19, 'the latest is the last')
    },
  ],
]

/** Lists a and b, each with 20 entries. */
async function open(store: WholeStore): Promise<void> {
  await store.transaction(async transaction => {
    for (const [shard, name] of ['a', 'b'].entries()) {
      await store.insertStatusList(transaction, list(name, { shard }))
      for (const index of numbers(20)) await store.insertStatusEntry(transaction, entry(index, { uri: uriOf(name) }))
    }
  })
}

/** Sets entries of a list, each in a transaction of its own. */
async function change(store: WholeStore, ...steps: readonly (readonly [number, number] | string)[]): Promise<void> {
  const uri = uriOf(steps.find(step => typeof step === 'string') ?? 'a')
  for (const step of steps) {
    if (typeof step === 'string') continue
    const [index, value] = step
    await store.transaction(async transaction => {
      const before = await store.findStatusEntry(transaction, uri, index)
      expectSame(before && (await store.updateStatusEntry(transaction, before, value)), true, 'a change')
    })
  }
}

const insert = (store: WholeStore, row: PublishedBits, files: readonly StatusFileRow[]): Promise<void> =>
  store.transaction(transaction => store.insertPublication(transaction, uriOf('a'), row, files))

const latest = (store: WholeStore, name = 'a'): Promise<PublishedBits | undefined> =>
  store.transaction(transaction => store.lockPublication(transaction, uriOf(name)))

const changesAfter = (store: WholeStore, version: number): Promise<readonly StatusChange[]> =>
  store.transaction(transaction =>
    all(store.findChangesBetween(transaction, uriOf('a'), version, Number.MAX_SAFE_INTEGER)),
  )

/** The values that an entry went through. Throws where a change does not begin at the end of the one before. */
function chainOf(changes: readonly StatusChange[], index: number): readonly number[] {
  const own = changes.filter(change => change.index === index)
  const values = own.slice(0, 1).map(({ before }) => before)
  for (const { before, after } of own) {
    expectSame(before, values.at(-1), `where a change of entry ${index} begins`)
    values.push(after)
  }
  return values
}
