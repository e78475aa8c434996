/**
 * GRANT statements as BLUE writes them out: in lower case, with every name quoted, so that it is read
 * back as it is.
 */
import type { Permission } from '../base/permission-name.ts'
import { nameParts } from '../catalog/find-object.ts'
import type { FoundObject } from '../catalog/find-object.ts'
import { quoteFullName, quoteName } from '../gate/quote-name.ts'

/** `table "master"."public"."flights"`; of columns, `column "delay" in table …`. */
export function targetText(object: FoundObject, columns: readonly string[] = []): string {
  const named = object.column === undefined ? columns : [object.column]
  const { database, schema, table } = object
  if (named.length === 0) return `${object.kind} ${quoteFullName(...nameParts(object))}`
  const parts = nameParts({ kind: 'table', database, schema, table, column: undefined })
  const kind = table?.kind === 'foreign table' ? 'foreign table' : 'table'
  return `column ${named.map(quoteName).join(', ')} in ${kind} ${quoteFullName(...parts)}`
}

/** `on`: as `targetText` gives it. */
export function grantText(permission: Permission, on: string, role: string): string {
  return `grant ${permission.toLowerCase()} on ${on} to ${quoteName(role)};`
}
