import { describe } from 'vitest'
import { consoleSessionStoreContract } from './console-session-store-contract.ts'
import { MemoryConsoleSessionStore } from './memory-console-session-store.ts'

describe('console sessions in memory keep the contract:', () => {
  consoleSessionStoreContract(() => {
    const store = new MemoryConsoleSessionStore()
    return Promise.resolve({ store, reopen: () => Promise.resolve(store) })
  })
})
