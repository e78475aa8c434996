import { describe } from 'vitest'
import { identityStoreContract } from './identity-store-contract.ts'
import { MemoryIdentityStore } from './memory-identity-store.ts'

describe('the store in memory keeps the contract:', () => {
  identityStoreContract(() => {
    const store = new MemoryIdentityStore()
    return Promise.resolve({ store, reopen: () => Promise.resolve(store) })
  })
})
