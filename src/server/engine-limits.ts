/** The engine's share of this machine. */
import { availableParallelism, totalmem } from 'node:os'
import type { EngineLimits } from '../engine/client/start-engine.ts'
import type { Config } from './config/config-keys.ts'

const MEMORY_MIN = 256 * 1024 ** 2

export function engineLimits(config: Config): EngineLimits {
  return {
    memoryBytes: config['engine.memory'] ?? Math.max(MEMORY_MIN, Math.floor(machineMemory() / 2)),
    threads: config['engine.threads'] ?? availableParallelism(),
    workers: config['engine.workers'],
    spoolBytesMax: config['engine.spoolMax'],
    killAfterMs: config['engine.killAfter'],
  }
}

/** The container's limit where there is one: a limit far above the machine's memory is none. */
function machineMemory(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
