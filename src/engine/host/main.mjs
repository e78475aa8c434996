/**
 * Where the engine host's process begins. Started by the gateway with an empty environment, and the
 * request for its fences (`FenceRequest`, as JSON) as its one argument. It raises the outer ones and
 * becomes the host inside them.
 */
import { fileURLToPath } from 'node:url'
import { fillCodeCache, useCodeCache } from './code-cache.mjs'

/** Of the gateway: for requests, and for the gate's questions. */
const SOCKETS = [3, 4]

useCodeCache()
await fillCodeCache()
const { raiseOuterLayers } = await import('./fence/raise-fence.ts')
const { become } = await import('./fence/become.ts')
const request = JSON.parse(process.argv[2] ?? '')
const { layersOff } = request
// in one turn of the event loop
const inside = JSON.stringify({ layers: raiseOuterLayers(request), layersOff })
become(fileURLToPath(new URL('./fenced.mjs', import.meta.url)), [inside], SOCKETS)
// where a process cannot become another, it goes on as it is
process.argv[2] = inside
await import('./fenced.mjs')
