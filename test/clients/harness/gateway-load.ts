/** How a gateway bears what is done to it: its memory, and how late its event loop was at worst. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { reachableSocketPath } from '../../../src/base/control-socket-path.ts'
import type { BluegateServer } from './bluegate-server.ts'
import { residentMb, withPeakMb } from './process-memory.ts'

export interface GatewayLoad {
  readonly gatewayPeakMb: number
  readonly eventLoopDelayMs: number
}

/** During `work`. The gateway is the largest process of the server but the engine. */
export async function withLoad(
  server: BluegateServer,
  isEngine: (pid: number) => boolean,
  work: () => Promise<void>,
): Promise<GatewayLoad> {
  const others = server.pids().filter((pid) => !isEngine(pid))
  const gateway = others.toSorted((a, b) => residentMb(b) - residentMb(a)).slice(0, 1)
  await delayMs(server.dataDirectory) // each reading is since the one before
  const { peakMb } = await withPeakMb(gateway, work)
  return {
    gatewayPeakMb: Math.max(...peakMb.values()),
    eventLoopDelayMs: await delayMs(server.dataDirectory),
  }
}

async function delayMs(dataDirectory: string): Promise<number> {
  const socketPath = reachableSocketPath(dataDirectory)
  const metrics = await new Promise<string>((resolve, reject) => {
    const asked = request({ socketPath, path: '/metrics' }, (response) => resolve(text(response)))
    asked.on('error', reject).end()
  })
  const seconds = /^bluegate_event_loop_delay_seconds\{quantile="1"\} (\S+)$/m.exec(metrics)?.[1]
  if (seconds === undefined) throw new Error(`no delay in the metrics: ${metrics.slice(0, 200)}`)
  return Number(seconds) * 1000
}
