/**
 * The host inside its fences: speaks to the gateway over descriptors 3 and 4, socket pairs that
 * nobody else can open.
 */
import { useCodeCache } from './code-cache.mjs'

useCodeCache()
const { serveGateway } = await import('./serve-gateway.ts')
const { closeFence } = await import('./fence/raise-fence.ts')
serveGateway(closeFence(JSON.parse(process.argv[2] ?? '')))
