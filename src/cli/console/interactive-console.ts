/**
 * The console with a person at it: lines are edited, and remembered.
 *
 * Ctrl-C aborts the running statement, or what was typed; Ctrl-D, `exit` and `\q` end the console.
 */
import { createInterface } from 'node:readline'
import type { CliPorts, TerminalStreams } from '../cli-ports.ts'
import { printable } from '../printable.ts'
import { ConsoleInput } from './console-input.ts'
import type { ConsoleAct } from './console-input.ts'
import type { ConsoleSession } from './console-session.ts'
import { HistoryFile } from './history-file.ts'
import { NameCompleter } from './name-completer.ts'

const HELP = `A statement ends with a semicolon and may have several lines.
  \\c DATABASE, \\connect DATABASE   another database
  \\?                               this help
  exit, quit, \\q, Ctrl-D           end the console
  Ctrl-C                           abort the running statement, or what was typed
  Tab                              complete a word or a name
  Up, Down, Ctrl-R                 what was typed before
`

export async function converse(
  ports: CliPorts,
  { input, output }: TerminalStreams,
  session: ConsoleSession,
  historyFile: string | undefined,
): Promise<void> {
  const history = historyFile === undefined ? undefined : new HistoryFile(historyFile)
  const completer = new NameCompleter(session)
  const lines = createInterface({
    input,
    output,
    terminal: true,
    history: history?.lines() ?? [],
    historySize: 1_000,
    removeHistoryDuplicates: true,
    completer: (line: string, done: Offer) => void offer(completer, line, done),
  })
  const typed = new ConsoleInput()
  const prompt = (): void => {
    lines.setPrompt(`${printable(session.database)}${typed.isOpen ? '->' : '=>'} `)
    lines.prompt()
  }
  lines.on('SIGINT', () => {
    if (session.isRunning) {
      void session.cancel()
      return
    }
    typed.clear()
    output.write('^C\n')
    lines.write(null, { ctrl: true, name: 'e' })
    lines.write(null, { ctrl: true, name: 'u' })
    prompt()
  })
  // A file that cannot be written is said once, and is no reason to stop.
  let remember = history
  const act = async (one: ConsoleAct): Promise<boolean> => {
    switch (one.kind) {
      case 'exit':
        return false
      case 'help':
        await ports.write(HELP)
        return true
      case 'unknown':
        ports.writeError(`error: ${printable(one.text)}\n`)
        return true
      case 'connect':
        if (await session.use(one.database)) completer.forget()
        return true
      case 'statement':
        try {
          remember?.append(`${one.text};`)
        } catch {
          remember = undefined
          ports.writeError(
            `${printable(historyFile ?? '')} cannot be written: no history is kept\n`,
          )
        }
        await session.run(one.text)
        if (/^\s*(?:create|alter|drop)\b/i.test(one.text)) completer.forget()
        return true
    }
  }

  prompt()
  reading: for await (const line of lines) {
    for (const one of typed.take(line)) {
      if (!(await act(one))) break reading
    }
    prompt()
  }
  lines.close()
}

type Offer = (error: null, names: [string[], string]) => void

async function offer(completer: NameCompleter, line: string, done: Offer): Promise<void> {
  done(null, await completer.complete(line))
}
