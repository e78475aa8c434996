/** From a result's columns to what the client is told of them, and in which format they come. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { ColumnFormat } from '../../columnar/result-format.ts'
import { pgTypeOf } from '../../columnar/pg-type.ts'
import { formatAt } from './codec/bind.ts'
import type { FieldDescription } from './codec/row-description.ts'

/**
 * The format of each column: what was asked for, but text where a type has no binary form here.
 * What is told in RowDescription and what is sent are both made by this.
 *
 * @throws GatewayError `protocol_violation` when the number of formats fits neither none, one nor
 *         all columns.
 */
export function columnFormats(columns: Schema, asked: readonly ColumnFormat[]): ColumnFormat[] {
  if (asked.length > 1 && asked.length !== columns.length) {
    throw new GatewayError(
      'protocol_violation',
      `bind message has ${asked.length} result formats but query has ${columns.length} columns`,
    )
  }
  return columns.map(({ type }, index) =>
    formatAt(asked, index) === 'binary' && pgTypeOf(type).binary ? 'binary' : 'text',
  )
}

export function describeFields(
  columns: Schema,
  formats: readonly ColumnFormat[],
): FieldDescription[] {
  return columns.map(({ name, type }, index) => {
    const { oid, length, modifier } = pgTypeOf(type)
    return {
      name,
      typeOid: oid,
      typeLength: length,
      typeModifier: modifier,
      format: formats[index] ?? 'text',
    }
  })
}

/** @throws GatewayError `feature_not_supported` when a table changed since the client was told. */
export function assertAsAnnounced(announced: Schema, columns: Schema | undefined): void {
  const same =
    columns?.length === announced.length &&
    columns.every(({ type }, index) => {
      const told = announced[index]
      if (!told) return false
      const [one, other] = [pgTypeOf(type), pgTypeOf(told.type)]
      return one.oid === other.oid && one.binary === other.binary
    })
  if (same) return
  throw new GatewayError('feature_not_supported', 'cached plan must not change result type', {
    hint: 'Prepare the statement again.',
  })
}
