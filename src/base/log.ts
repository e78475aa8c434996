/**
 * The log port. The server wires it to pino; tests use `silentLog`.
 *
 * Fields are for machines, the message for people. A token, a password, a key or the value of a
 * parameter is never a field.
 */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

export type LogFields = Readonly<Record<string, unknown>>

const nothing = (): void => undefined

export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
