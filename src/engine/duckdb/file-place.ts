/** Which file an error of the engine is about, and which line of it. */
import type { FilePlace } from '../../base/gateway-error.ts'
import { BAD_VALUE } from '../file-variable.ts'

const CSV_LINE = /CSV Error on Line: (\d+)/
const CSV_FILE = /^\s*file = (.+)$/m
const JSON_PLACE = /\bin file "(\/[^"]*)", (?:at byte \d+ )?in (?:line|record\/value) (\d+)/
const QUOTED = /["'](\/[^"'\n]*)["']/

/** @param message As the engine gives it, whole. */
export function filePlace(message: string): FilePlace | undefined {
  const at = message.indexOf(BAD_VALUE)
  if (at !== -1) return badValuePlace(message.slice(at + BAD_VALUE.length))
  const path = CSV_FILE.exec(message)?.[1]?.trim()
  if (path !== undefined) {
    const line = CSV_LINE.exec(message)?.[1]
    return { path, ...(line !== undefined && { line: Number(line) }) }
  }
  const json = JSON_PLACE.exec(message)
  if (json) return { path: json[1] ?? '', line: Number(json[2]) }
  const quoted = QUOTED.exec(message)?.[1]
  return quoted === undefined ? undefined : { path: quoted }
}

/** A client can raise an error with any text of its own: nothing here is believed. */
function badValuePlace(text: string): FilePlace | undefined {
  try {
    const { path, column } = JSON.parse(text.split('\n', 1)[0] ?? '') as Record<string, unknown>
    return typeof path === 'string' && typeof column === 'string' ? { path, column } : undefined
  } catch {
    return undefined
  }
}
