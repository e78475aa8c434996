/** The log: JSON lines on standard error, or lines for a person where that is a terminal. */
import pino from 'pino'
import type { Log, LogFields } from '../base/log.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

/** pino's numbers, so that both forms order levels alike. */
const SEVERITY: Record<Level, number> = { debug: 20, info: 30, warn: 40, error: 50 }

export function openLog(level: Level, forPerson: boolean): Log {
  return forPerson ? personsLog(level) : jsonLog(level)
}

function jsonLog(level: Level): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    pino.destination({ fd: 2, sync: true }),
  )
}

function personsLog(level: Level): Log {
  const at = (own: Level) => (fields: LogFields, message: string) => {
    if (SEVERITY[own] < SEVERITY[level]) return
    const time = new Date().toTimeString().slice(0, 8)
    process.stderr.write(`${time} ${own.padEnd(5)} ${message}${shown(fields)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function shown(fields: LogFields): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      if (value instanceof Error) return `\n${value.stack ?? value.message}${causeOf(value)}`
      return ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`
    })
    .join('')
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `\ncaused by ${cause.stack ?? cause.message}` : ''
}
