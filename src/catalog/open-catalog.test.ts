import { expect, test } from 'vitest'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { openCatalog } from './open-catalog.ts'

function countingEngine() {
  const engine = {
    catalogVersion: 7,
    reads: 0,
    readDefinitions: async () => {
      engine.reads += 1
      const { catalogVersion } = engine
      await new Promise((resolve) => setImmediate(resolve))
      return { ...SMALL_DEFINITIONS, catalogVersion }
    },
  }
  return engine
}

test('definitions are read once a version, however many ask', async () => {
  const engine = countingEngine()
  const catalog = openCatalog(engine)
  await Promise.all([catalog.current(), catalog.current()])
  await catalog.current()
  expect(engine.reads).toBe(1)
})

test('a new version is read again, also when it comes while an older one is being read', async () => {
  const engine = countingEngine()
  const catalog = openCatalog(engine)
  const old = catalog.current()
  engine.catalogVersion = 8
  const fresh = catalog.current()
  expect((await old).version).toBe(7)
  expect((await fresh).version).toBe(8)
  expect((await catalog.current()).version).toBe(8)
})
