import { test } from 'vitest'
import { world, act } from './world.js'
test('perf', async () => {
  const { log, store, reopen } = await world()
  for (const n of [1000, 10000, 10000]) {
    let t = performance.now()
    await Promise.all(Array.from({ length: n }, (_, i) => log.append(act('citizen ' + (i % 50)))))
    console.log('append', n, performance.now() - t)
    t = performance.now()
    await store.transaction(async tx => { for (let i = 0; i < n; i++) await log.record(act('citizen ' + (i % 50)), tx) })
    const m = performance.now()
    await log.sequence()
    console.log('record', n, m - t, 'sequence', performance.now() - m)
  }
  let t = performance.now(); await reopen(); console.log('reopen 42k', performance.now() - t)
  t = performance.now(); for (let i = 0; i < 1000; i++) await log.proveInclusion(i); console.log('prove', (performance.now() - t) / 1000)
})
