/** DROP SCHEMA [IF EXISTS] [database.]name [RESTRICT]. */
import { GatewayError } from '../base/gateway-error.ts'
import type { SchemaEntry } from '../catalog/catalog-snapshot.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { nothingThere } from './nothing-there.ts'
import { quoteFullName } from './quote-name.ts'
import { noSuchSchema, notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnSchema } from './requirements.ts'
import { findSchema, seesSequence, seesTable } from './visible-names.ts'

/** Names in the text of a refusal: a schema may hold thousands. */
const listedMax = 20

export function checkDropSchema(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('drop', 'schema')
  const ifExists = cursor.accept('if', 'exists')
  const parts = readName(cursor)
  if (cursor.seesSymbol(',')) throw notSupported('dropping several schemas at once')
  if (cursor.sees('cascade')) throw notSupported('DROP SCHEMA … CASCADE', 'Drop its tables first.')
  cursor.accept('restrict')
  cursor.expectEnd()

  const schema = findSchema(parts, context)
  if (!schema) {
    if (ifExists) {
      return nothingThere(context, 'DROP SCHEMA', `schema "${parts.join('.')}" does not exist`)
    }
    throw noSuchSchema(parts)
  }
  const requires = requireAll(needOnSchema('DDL', schema), context.authority)
  refuseUnlessEmpty(schema, context)
  return {
    text: `DROP SCHEMA ${quoteFullName(schema.database.name, schema.name)} RESTRICT`,
    action: {
      kind: 'define',
      tag: 'DROP SCHEMA',
      database: schema.database.name,
      registers: [],
      unregisters: [schema.id],
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}

/** Names those objects inside that the role may know of. Source of the words: BLUE SQL. */
function refuseUnlessEmpty(schema: SchemaEntry, { catalog, authority }: GateContext): void {
  const tables = catalog.tables.filter((table) => table.schema.id === schema.id)
  const sequences = catalog.sequences.filter((sequence) => sequence.schema.id === schema.id)
  const count = tables.length + sequences.length
  if (count === 0) return
  const visible = [
    ...tables.filter((table) => seesTable(authority, table)),
    ...sequences.filter((sequence) => seesSequence(authority, sequence)),
  ].map(({ name }) => name)
  const listed = visible.slice(0, listedMax)
  const more = count > listed.length ? [...listed, 'and others'] : listed
  throw new GatewayError(
    'dependent_objects_still_exist',
    `Schema '${schema.name}' contains the following objects: ${more.join(', ')}`,
    { hint: 'Drop them first.' },
  )
}
