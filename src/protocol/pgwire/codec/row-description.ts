/** The shapes of results and of parameters, as the client is told them. */
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { ColumnFormat } from '../../../columnar/result-format.ts'
import { beginMessage, endMessage, writeText } from './message.ts'

export interface FieldDescription {
  readonly name: string
  readonly typeOid: number
  /** Bytes of a value; negative where it varies. */
  readonly typeLength: number
  /** Such as precision and scale of a numeric; -1 for none. */
  readonly typeModifier: number
  readonly format: ColumnFormat
}

/** The count on the wire is a signed 16-bit number. */
const FIELDS_MAX = 0x7fff

/** @throws GatewayError `program_limit` for more columns than the message can count. */
export function writeRowDescription(out: ByteWriter, fields: readonly FieldDescription[]): void {
  if (fields.length > FIELDS_MAX) {
    throw new GatewayError('program_limit', `a result of ${fields.length} columns is too wide`, {
      hint: `Select at most ${FIELDS_MAX} columns.`,
    })
  }
  const message = beginMessage(out, 'T')
  out.int16(fields.length)
  for (const field of fields) {
    writeText(out, field.name)
    out.int32(0) // table: unknown is legal, and a made-up OID sends drivers to look it up
    out.int16(0) // column of that table
    out.int32(field.typeOid)
    out.int16(field.typeLength)
    out.int32(field.typeModifier)
    out.int16(field.format === 'binary' ? 1 : 0)
  }
  endMessage(out, message)
}

export function writeParameterDescription(out: ByteWriter, oids: readonly number[]): void {
  const message = beginMessage(out, 't')
  out.int16(oids.length)
  for (const oid of oids) out.int32(oid)
  endMessage(out, message)
}
