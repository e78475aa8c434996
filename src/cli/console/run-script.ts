/** The console without a person: statements of a text, up to the first that fails. */
import type { CliPorts } from '../cli-ports.ts'
import { printable } from '../printable.ts'
import { ConsoleInput } from './console-input.ts'
import type { ConsoleAct } from './console-input.ts'
import type { ConsoleSession } from './console-session.ts'

/** @returns whether all of it succeeded. */
export async function runScript(
  ports: CliPorts,
  session: ConsoleSession,
  text: string,
): Promise<boolean> {
  const undo = ports.onInterrupt?.(() => void session.cancel())
  try {
    for (const act of actsOf(text)) {
      if (act.kind === 'exit') return true
      if (!(await isDone(ports, session, act))) return false
    }
    return true
  } finally {
    undo?.()
  }
}

function* actsOf(text: string): Generator<ConsoleAct> {
  const input = new ConsoleInput()
  for (const line of text.split(/\r?\n/)) yield* input.take(line)
  yield* input.end()
}

async function isDone(ports: CliPorts, session: ConsoleSession, act: ConsoleAct): Promise<boolean> {
  switch (act.kind) {
    case 'statement':
      return await session.run(act.text)
    case 'connect':
      return await session.use(act.database)
    case 'unknown':
      ports.writeError(`error: ${printable(act.text)}\n`)
      return false
    default:
      return true
  }
}
