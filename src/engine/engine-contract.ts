/**
 * What every engine owes us, as tests. An adapter passes this file as it is.
 *
 * Some laws are about processes (what dies with the host, what memory a host takes): an engine that
 * has no process of its own on this machine leaves `hostPid` out, and those are skipped.
 */
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { present } from '../base/assert.ts'
import { engineFailuresContract } from './engine-contract-failures.ts'
import { EngineHarness, type EngineUnderTest } from './engine-contract-harness.ts'
import { engineInterruptsContract } from './engine-contract-interrupts.ts'
import { engineIntrospectionContract } from './engine-contract-introspection.ts'
import { enginePortalsContract } from './engine-contract-portals.ts'
import { engineProcessContract } from './engine-contract-process.ts'
import { engineResultsContract } from './engine-contract-results.ts'
import { engineTemporaryContract } from './engine-contract-temporary.ts'
import { engineTransactionsContract } from './engine-contract-transactions.ts'

export function engineContract(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`${name}: engine contract`, () => {
    let harness: EngineHarness | undefined
    const h = (): EngineHarness => present(harness, 'the engine is open')

    beforeAll(async () => {
      harness = await EngineHarness.start(open)
    })
    afterEach(() => h().clear())
    afterAll(() => harness?.under.dispose())

    engineResultsContract(h)
    enginePortalsContract(h)
    engineFailuresContract(h)
    engineInterruptsContract(h)
    engineTransactionsContract(h)
    engineTemporaryContract(h)
    engineIntrospectionContract(h)
    engineProcessContract(h)
  })
}
