/** A gateway as it is installed: its console built, and nobody in it yet. */
import { ensureConsoleBuilt } from '../../../scripts/setup/ensure-console-built.mjs'
import { startBluegate } from './bluegate-server.ts'
import type { BluegateServer } from './bluegate-server.ts'
import type { ServerOptions } from './test-server.ts'

export async function startConsole(options: ServerOptions = {}): Promise<BluegateServer> {
  await ensureConsoleBuilt()
  return startBluegate({ empty: true, ...options })
}
