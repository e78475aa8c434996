/** CREATE SCHEMA [IF NOT EXISTS] [database.]name. */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readIfNotExists, readName } from './head-cursor.ts'
import { checkNewSchemaName } from './new-name.ts'
import { quoteFullName } from './quote-name.ts'
import { noSuchSchema, notSupported } from './refusals.ts'
import { needOnDatabase } from './requirements.ts'
import { requireAll } from './require-all.ts'
import { connects } from './visible-names.ts'

export function checkCreateSchema(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('create', 'schema')
  const ifNotExists = readIfNotExists(cursor)
  if (cursor.sees('authorization')) throw notSupported('CREATE SCHEMA AUTHORIZATION')
  const parts = readName(cursor)
  const next = cursor.peek()
  if (next?.kind === 'word') throw notSupported(`CREATE SCHEMA … ${next.value.toUpperCase()}`)
  cursor.expectEnd()

  const [first = '', second, third] = parts
  if (third !== undefined) throw noSuchSchema(parts)
  const [databaseName, name] = second === undefined ? [context.database, first] : [first, second]
  const { catalog, authority } = context
  const database = catalog.database(databaseName)
  if (!database || !connects(authority, database)) {
    throw new GatewayError('invalid_catalog_name', `database "${databaseName}" does not exist`)
  }
  const requires = requireAll(needOnDatabase('CREATE', database), authority)
  checkNewSchemaName(name, catalog)
  const existing = catalog.schema(database.name, name)
  if (existing && !ifNotExists) {
    throw new GatewayError('duplicate_schema', `schema "${name}" already exists`)
  }
  const canonical = quoteFullName(database.name, existing?.name ?? name)
  return {
    text: `CREATE SCHEMA ${existing ? 'IF NOT EXISTS ' : ''}${canonical}`,
    action: {
      kind: 'define',
      tag: 'CREATE SCHEMA',
      database: database.name,
      registers: existing ? [] : [{ id: randomUUID(), kind: 'schema', schema: name }],
      unregisters: [],
      countsRows: false,
      ...(existing && { notices: [`schema "${name}" already exists, skipping`] }),
    },
    requires,
    personal: false,
    reusable: false,
  }
}
