/** CREATE SEQUENCE [IF NOT EXISTS] name [options]. Needs CREATE on the schema. */
import { randomUUID } from 'node:crypto'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readIfNotExists } from './head-cursor.ts'
import { checkNewName } from './new-name.ts'
import { readPlace } from './new-relation.ts'
import { nothingThere } from './nothing-there.ts'
import { quoteFullName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { isRelationName, relationExists } from './relation-name.ts'
import { requireAll } from './require-all.ts'
import { needOnSchema } from './requirements.ts'
import { checkNameable, readSequenceOptions, sequenceOptionsText } from './sequence-options.ts'
import { TEMPORARY_SCHEMA } from '../catalog/temporary.ts'

/** @throws GatewayError `invalid_schema_name`, `duplicate_table`, and what is wrong in the options. */
export function checkCreateSequence(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('create', 'sequence')
  const ifNotExists = readIfNotExists(cursor)
  const { schema, name } = readPlace(cursor, context, false)
  if (schema === TEMPORARY_SCHEMA) throw notSupported('a temporary sequence')
  const options = readSequenceOptions(cursor)
  cursor.expectEnd()
  const requires = requireAll(
    [...needOnSchema('USAGE', schema), ...needOnSchema('CREATE', schema)],
    context.authority,
  )
  checkNewName(name, 'sequence')
  checkNameable(schema.database.name, schema.name, name)
  if (isRelationName(name, schema, context.catalog)) {
    const taken = relationExists(name)
    if (!ifNotExists) throw taken
    return { ...nothingThere(context, 'CREATE SEQUENCE', taken.message), requires }
  }
  const full = quoteFullName(schema.database.name, schema.name, name)
  return {
    text: `CREATE SEQUENCE ${full} ${sequenceOptionsText(options)}`,
    action: {
      kind: 'define',
      tag: 'CREATE SEQUENCE',
      database: schema.database.name,
      registers: [
        { id: randomUUID(), kind: 'sequence', schema: schema.name, name, sequence: options },
      ],
      unregisters: [],
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}
