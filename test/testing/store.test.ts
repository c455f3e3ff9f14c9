import { describe, it } from 'vitest'
import { memoryStore } from '../../src/store/memory.js'
import { testStore } from '../../src/testing/store/suite.js'

const cases = testStore(async () => ({ store: memoryStore() }))

describe('the store in memory passes: ', () => {
  for (const { name, run } of cases) it(name, run)
})
