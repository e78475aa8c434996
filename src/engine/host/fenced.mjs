/**
 * The host inside its fences: speaks to the gateway over descriptor 3, a socket pair that nobody
 * else can open.
 */
import { useCodeCache } from './code-cache.mjs'

useCodeCache()
const { serveGateway } = await import('./serve-gateway.ts')
const { closeFence } = await import('./fence/raise-fence.ts')
serveGateway(closeFence(JSON.parse(process.argv[2] ?? '')))
