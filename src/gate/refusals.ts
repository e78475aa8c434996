/** The errors with which the gate refuses, in PostgreSQL's and BLUE's words (design, decision 4). */
import { GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'
import type { RelationKind } from '../catalog/catalog-snapshot.ts'
import { characterPosition, indexOfByte } from '../sql/text-position.ts'
import { byteOffsetOf } from './tree-node.ts'
import type { JsonObject } from './engine-json.ts'

/** An error about a node of the tree of `text`: its position is that of the node. */
export function refusalAt(
  node: JsonObject,
  text: string,
  kind: ErrorKind,
  message: string,
  hint?: string,
): GatewayError {
  const offset = byteOffsetOf(node)
  return new GatewayError(kind, message, {
    ...(offset !== undefined && { position: characterPosition(text, indexOfByte(text, offset)) }),
    ...(hint !== undefined && { hint }),
  })
}

/** The one text for a table that is missing and for one that must look like it. */
export function noSuchRelation(parts: readonly string[]): string {
  return `relation "${parts.join('.')}" does not exist`
}

export function noSuchSchema(parts: readonly string[]): GatewayError {
  return new GatewayError('invalid_schema_name', `schema "${parts.join('.')}" does not exist`)
}

export function notSupported(what: string, hint?: string): GatewayError {
  return new GatewayError('feature_not_supported', `${what} is not supported`, {
    ...(hint !== undefined && { hint }),
  })
}

/** As PostgreSQL says it of a column that is named on its own. */
export function noSuchColumn(column: string, table: { readonly name: string }): GatewayError {
  return new GatewayError(
    'undefined_column',
    `column "${column}" of relation "${table.name}" does not exist`,
  )
}

/** `"flights" is not a view`, with what to do instead. */
export function wrongKind(
  { kind, name }: { readonly kind: RelationKind; readonly name: string },
  wanted: RelationKind,
): GatewayError {
  return new GatewayError('wrong_object_type', `"${name}" is not a ${wanted}`, {
    hint: `It is a ${kind}.`,
  })
}
