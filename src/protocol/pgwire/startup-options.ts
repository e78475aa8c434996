/** The `options` of a StartupMessage: command-line switches of a PostgreSQL server process. */
import { GatewayError } from '../../base/gateway-error.ts'

/**
 * `-c name=value`, `-cname=value` and `--name=value`, separated by blanks; a backslash makes the
 * next character a plain one.
 *
 * Source: PostgreSQL manual, "Connection Parameters: options", and `pg_split_opts`.
 * @throws GatewayError `invalid_parameter_value` for any other switch.
 */
export function parseStartupOptions(options: string): [name: string, value: string][] {
  const words = splitWords(options)
  const settings: [string, string][] = []
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    let assignment: string | undefined
    if (word === '-c') {
      i += 1
      assignment = words[i]
    } else if (word.startsWith('--') || word.startsWith('-c')) {
      assignment = word.slice(2)
    }
    const equals = assignment?.indexOf('=') ?? -1
    if (assignment === undefined || equals < 1) throw invalidOption(word)
    const name = assignment.slice(0, equals).replaceAll('-', '_')
    settings.push([name, assignment.slice(equals + 1)])
  }
  return settings
}

function splitWords(options: string): string[] {
  const words = options.match(/(?:\\[\s\S]|[^\s\\])+/g) ?? []
  return words.map((word) => word.replaceAll(/\\([\s\S])/g, '$1'))
}

function invalidOption(word: string): GatewayError {
  return new GatewayError(
    'invalid_parameter_value',
    `invalid command-line argument for server process: ${word.slice(0, 63)}`,
    { hint: 'Use -c name=value.' },
  )
}
