/** bluegate status: whether a gateway runs on the data directory, and how it stands. */
import type { Command } from 'commander'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'

interface Status {
  readonly version: string
  readonly startedAt: string
  readonly processId: number
  readonly doors: Readonly<Record<string, { readonly host: string; readonly port: number }>>
  readonly caFile?: string | null
  readonly sessions: number
  readonly engineGeneration: number
  readonly engineLayers: readonly {
    readonly name: string
    readonly active: boolean
    readonly about: string
  }[]
}

export function statusCommand(ports: CliPorts): Command {
  return command('status', 'how the running gateway stands').action(async (flags: CommonFlags) => {
    const context = new CommandContext(ports, flags)
    const status = await context.gateway.get<Status>('/api/v1/status')
    await context.print(status, () => {
      const doors = Object.entries(status.doors).map(([door, { host, port }]) => {
        return `  ${door.padEnd(6)} ${host}:${port}\n`
      })
      const layers = status.engineLayers.map(({ name, active, about }) => {
        return `    ${name.padEnd(10)} ${active ? about : `MISSING: ${about}`}\n`
      })
      return [
        `Bluegate ${status.version}, process ${status.processId}, up since ${status.startedAt}\n`,
        ...doors,
        `  sessions: ${status.sessions}, engine restarts: ${status.engineGeneration - 1}\n`,
        '  around the engine:\n',
        ...layers,
      ].join('')
    })
  })
}
