/** Where a worker thread of the host begins. */
import { useCodeCache } from './code-cache.mjs'

useCodeCache()
const { servePool } = await import('./serve-pool.ts')
servePool()
