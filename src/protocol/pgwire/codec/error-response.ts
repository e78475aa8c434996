/**
 * ErrorResponse and NoticeResponse, which differ in their type byte alone.
 *
 * Source: PostgreSQL manual, "Error and Notice Message Fields".
 */
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { beginMessage, endMessage, writeText } from './message.ts'

export interface ResponseFields {
  readonly severity: 'ERROR' | 'FATAL' | 'NOTICE' | 'WARNING'
  /** SQLSTATE: five characters. */
  readonly code: string
  readonly message: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  /** 1-based, in characters of the client's text. */
  readonly position?: number | undefined
  /** Where it arose, such as a line of the client's data. */
  readonly context?: string | undefined
}

export function writeErrorResponse(out: ByteWriter, fields: ResponseFields): void {
  writeResponse(out, 'E', fields)
}

export function writeNoticeResponse(out: ByteWriter, fields: ResponseFields): void {
  writeResponse(out, 'N', fields)
}

/** Longer texts are cut, in UTF-16 units: some clients keep whole messages in fixed buffers. */
const TEXT_LENGTH_MAX = 8192

function writeResponse(out: ByteWriter, type: 'E' | 'N', fields: ResponseFields): void {
  const message = beginMessage(out, type)
  writeField(out, 'S', fields.severity)
  writeField(out, 'V', fields.severity) // never translated, unlike S in PostgreSQL
  writeField(out, 'C', fields.code)
  writeField(out, 'M', fields.message)
  writeField(out, 'D', fields.detail)
  writeField(out, 'H', fields.hint)
  writeField(out, 'P', fields.position === undefined ? undefined : String(fields.position))
  writeField(out, 'W', fields.context)
  out.uint8(0)
  endMessage(out, message)
}

function writeField(out: ByteWriter, name: string, text: string | undefined): void {
  if (text === undefined) return
  out.uint8(name.charCodeAt(0))
  writeText(out, text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text)
}
