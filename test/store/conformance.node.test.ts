/** Every store of ours passes the suite that is asked of anybody's, over real databases. */
import { describe, it } from 'vitest'
import { migrations, schemaVersion } from '../../src/store/sql/schema.js'
import { sqlStore } from '../../src/store/sql/store.js'
import { testStore } from '../../src/testing/store/suite.js'
import { kinds, titleOf } from './sql/databases.js'

for (const kind of kinds)
  describe.skipIf(kind.missing !== undefined)(`the store over ${titleOf(kind)} passes: `, () => {
    const makeStore = async () => {
      const { database, again } = await kind.open({ expected: schemaVersion })
      await database.migrate(migrations)
      return { store: sqlStore(database), reopen: async () => sqlStore(again()) }
    }
    const cases = testStore(makeStore, { durable: true })
    for (const { name, run } of cases) it(name, run, 60_000)
  })
