/** Runs a gateway in this process until a signal ends it. */
import { once } from 'node:events'
import { expectLargeBuffers } from '../base/expect-large-buffers.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { CliPorts, ServeRequest } from '../cli/cli-ports.ts'
import type { Config } from './config/config-keys.ts'
import { loadConfig } from './config/load-config.ts'
import { openLog } from './open-log.ts'
import { startGateway } from './start-gateway.ts'
import type { Gateway } from './start-gateway.ts'
import { welcomeScreen } from './welcome-screen.ts'

/** Exit code of a process that a second signal ended: 128 + SIGINT. */
const FORCED = 130

/** How a person calls the command line; there is no other installation yet. */
const IN_A_CLONE = 'npm run --silent bluegate --'

type Output = Pick<CliPorts, 'write' | 'writeError' | 'version'>

/** @throws GatewayError when the configuration is wrong or the start fails. */
export async function serve(request: ServeRequest, output: Output): Promise<number> {
  const config = loadConfig(request.settings, request.configFile, 'start')
  expectLargeBuffers()
  process.umask(0o077) // whatever is made from here on is for its owner alone
  const forPerson = !request.json && process.stderr.isTTY
  const log = openLog(config['log.level'], forPerson)
  process.on('uncaughtExceptionMonitor', (error) => log.error({ error }, 'a bug ends the gateway'))
  const ending = endOnSignals(output)

  let gateway: Gateway
  try {
    gateway = await startGateway(
      config,
      { version: output.version, log, onLoadProgress: loadProgress(output) },
      ending,
    )
  } catch (error) {
    if (ending.aborted) return 0
    throw error
  }
  await output.write(request.json ? readyLine(gateway) : welcome(gateway, request, config))
  if (!ending.aborted) await once(ending, 'abort')
  const patience = config['shutdown.grace']
  output.writeError(
    `Stopping; running statements have ${patience / 1000} s. Ctrl-C again forces it.\n`,
  )
  await gateway.stop()
  return 0
}

/**
 * The first signal asks for an orderly end. A second Ctrl-C ends the process as it stands; other
 * signals do not, because whoever supervises us may send the same one more than once.
 */
function endOnSignals(output: Output): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        controller.abort(new GatewayError('cancelled', `the start was ended by ${signal}`))
      } else if (signal === 'SIGINT') {
        output.writeError('Forced.\n')
        process.exit(FORCED)
      }
    })
  }
  return controller.signal
}

function readyLine({ doors, setupUrl, caFile }: Gateway): string {
  return `${JSON.stringify({ ready: true, ...doors, setupUrl, caFile })}\n`
}

function loadProgress(output: Output) {
  return (event: { table: string; rows?: number; seconds?: number }): void => {
    output.writeError(
      event.rows === undefined
        ? `Loading sample table ${event.table} … `
        : `${event.rows.toLocaleString('en-US')} rows in ${(event.seconds ?? 0).toFixed(1)} s\n`,
    )
  }
}

function welcome(gateway: Gateway, request: ServeRequest, config: Config): string {
  const isNamed = request.settings.some(({ name }) => name === 'dataDir')
  return welcomeScreen(gateway, {
    command: IN_A_CLONE,
    dataDir: isNamed ? config.dataDir : undefined,
    hasSamples: config.sampleData,
  })
}
