/** DROP and ALTER … IF EXISTS of what does not exist, or must look as if it did not; the like of CREATE. */
import { randomUUID } from 'node:crypto'
import type { RelationKind } from '../catalog/catalog-snapshot.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { quoteFullName } from './quote-name.ts'

/**
 * A statement that succeeds and does nothing: it drops a name that nobody has: the client's name
 * may belong to an object that the client may not even know of.
 */
export function nothingThere(
  { database }: GateContext,
  tag:
    | 'DROP SCHEMA'
    | 'CREATE INDEX'
    | 'DROP INDEX'
    | 'CREATE SEQUENCE'
    | 'DROP SEQUENCE'
    | 'DROP FUNCTION'
    | 'CREATE FOREIGN TABLE'
    | `${'DROP' | 'ALTER'} ${Uppercase<RelationKind>}`,
  ...reasons: readonly string[]
): CheckedStatement {
  const nobody = quoteFullName(database, 'main', `nothing ${randomUUID()}`)
  return {
    text: `DROP TABLE IF EXISTS ${nobody}`,
    action: {
      kind: 'define',
      tag,
      database,
      registers: [],
      unregisters: [],
      countsRows: false,
      notices: reasons.map((reason) => `${reason}, skipping`),
    },
    requires: [],
    personal: false,
    reusable: false,
  }
}
