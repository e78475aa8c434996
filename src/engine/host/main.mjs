/**
 * Where the engine host's process begins. Started by the gateway with an empty environment; speaks
 * over descriptor 3, a socket pair that nobody else can open.
 */
import { keepCodeCache, useCodeCache } from './code-cache.mjs'

useCodeCache()
const { serveGateway } = await import('./serve-gateway.ts')
serveGateway()
keepCodeCache()
