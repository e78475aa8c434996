/** Lines, typed or of a script, as what they ask the console to do. */
import { isBlank, splitStatements } from './statement-splitter.ts'

export type ConsoleAct =
  | { readonly kind: 'statement'; readonly text: string }
  | { readonly kind: 'connect'; readonly database: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'exit' }
  /** A line with a backslash that is none of ours. */
  | { readonly kind: 'unknown'; readonly text: string }

export class ConsoleInput {
  #rest = ''

  /** Whether a statement has begun and is not ended. */
  get isOpen(): boolean {
    return this.#rest !== ''
  }

  take(line: string): ConsoleAct[] {
    if (!this.isOpen) {
      const own = ownAct(line)
      if (own) return [own]
      if (isBlank(line) && !line.includes('/*')) return []
    }
    this.#rest += this.isOpen ? `\n${line}` : line
    if (!line.includes(';')) return []
    const { statements, rest } = splitStatements(this.#rest)
    this.#rest = rest
    return statements.map((text) => ({ kind: 'statement', text }))
  }

  /** What was begun, without its semicolon, at the end of a script. */
  end(): ConsoleAct[] {
    const text = this.#rest
    this.clear()
    return isBlank(text) ? [] : [{ kind: 'statement', text: text.trim() }]
  }

  clear(): void {
    this.#rest = ''
  }
}

function ownAct(line: string): ConsoleAct | undefined {
  if (/^\s*(?:exit|quit)\s*;?\s*$/i.test(line)) return { kind: 'exit' }
  const [, word = '', argument = ''] = /^\s*\\(\S+)\s*(.*?)\s*;?\s*$/.exec(line) ?? []
  switch (word) {
    case '':
      return undefined
    case 'c':
    case 'connect':
      return argument === ''
        ? { kind: 'unknown', text: `\\${word} needs the name of a database` }
        : { kind: 'connect', database: databaseName(argument) }
    case 'q':
      return { kind: 'exit' }
    case '?':
    case 'h':
      return { kind: 'help' }
    default:
      return { kind: 'unknown', text: `\\${word} is no command; \\? shows which there are` }
  }
}

/** As names in SQL: in lower case unless quoted. */
function databaseName(argument: string): string {
  const quoted = /^"((?:[^"]|"")+)"$/.exec(argument)?.[1]
  return quoted === undefined ? argument.toLowerCase() : quoted.replaceAll('""', '"')
}
