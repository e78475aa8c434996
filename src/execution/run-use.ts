/** USE DATABASE, USE SCHEMA, USE name: where names are looked up. Source: BLUE SQL, USE. */
import { GatewayError } from '../base/gateway-error.ts'
import type { SchemaEntry } from '../catalog/catalog-snapshot.ts'
import { connects, findSchema } from '../gate/visible-names.ts'
import type { NameContext } from '../gate/visible-names.ts'
import type { UseStatement } from '../sql/statement.ts'
import { connectableDatabase } from './connectable-database.ts'
import type { SessionContext } from './execution-context.ts'

const DEFAULT_SCHEMA = 'public'

/**
 * The database comes first, whatever the order of the words, and with it the role's default schema
 * there, where no schema is named.
 *
 * @returns the command tag.
 * @throws GatewayError `invalid_catalog_name`, `invalid_schema_name`; all stays as it was then.
 */
export async function runUse(context: SessionContext, statement: UseStatement): Promise<string> {
  const { session } = context
  const target = statement.name ? await placeOf(context, statement.name) : statement
  const database = target.database ?? session.database
  const found = await connectableDatabase(context, session.principal.roleId, database)
  const schema =
    target.schema === undefined
      ? (found.schema ?? DEFAULT_SCHEMA)
      : (await schemaNamed(context, found.database, target.schema)).name
  session.settings.use(found.database, schema)
  return 'USE'
}

type Place = Pick<UseStatement, 'database' | 'schema'>

/** One name is a schema of this database where it is none that may be connected to. */
async function placeOf(
  context: SessionContext,
  [first, second]: readonly [string, string?],
): Promise<Place> {
  if (second !== undefined) return { database: first, schema: second }
  const names = await namesOf(context)
  const database = names.catalog.database(first)
  const isDatabase = database !== undefined && connects(names.authority, database)
  return !isDatabase && findSchema([first], names) ? { schema: first } : { database: first }
}

async function schemaNamed(
  context: SessionContext,
  database: string,
  name: string,
): Promise<SchemaEntry> {
  const schema = findSchema([name], { ...(await namesOf(context)), database })
  if (schema) return schema
  throw new GatewayError('invalid_schema_name', `schema "${name}" does not exist`)
}

async function namesOf({ catalog, identity, session }: SessionContext): Promise<NameContext> {
  return {
    catalog: await catalog.current(),
    authority: identity.authority(session.principal.roleId),
    database: session.database,
    searchPath: session.settings.searchPath,
  }
}
