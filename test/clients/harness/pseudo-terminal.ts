/** A program at a pseudo terminal, as a person has it before them. */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'

const SPAWN = `import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))`

const WAIT_MS_MAX = 60_000

export class PseudoTerminal {
  readonly #child: ChildProcessWithoutNullStreams
  readonly ended: Promise<number | null>
  #shown = ''
  #seen = 0

  constructor(command: readonly string[], env: Readonly<Record<string, string | undefined>>) {
    this.#child = spawn('python3', ['-c', SPAWN, ...command], {
      env: { ...process.env, TERM: 'xterm', ...env },
    })
    this.#child.stdout.on('data', (bytes) => (this.#shown += String(bytes)))
    this.ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)))
  }

  /** All that was shown so far, without the sequences that move the cursor. */
  get shown(): string {
    // eslint-disable-next-line no-control-regex -- escape sequences are what this is about
    return this.#shown.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  }

  type(text: string): void {
    this.#child.stdin.write(text)
  }

  /** Waits for a text after what was waited for last. @throws Error with what is shown instead. */
  async see(text: string): Promise<void> {
    const until = Date.now() + WAIT_MS_MAX
    for (;;) {
      const at = this.shown.indexOf(text, this.#seen)
      if (at >= 0) {
        this.#seen = at + text.length
        return
      }
      if (Date.now() > until) throw new Error(`no ${JSON.stringify(text)} in:\n${this.shown}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
