/** CREATE DATABASE and DROP DATABASE. Source: BLUE SQL, the statements of these names. */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import type { CatalogSnapshot, DatabaseEntry } from '../catalog/catalog-snapshot.ts'
import { readOnlyDatabase } from '../gate/must-not-change.ts'
import { checkNewDatabaseName } from '../gate/new-name.ts'
import { PUBLIC_ROLE_NAME } from '../identity/built-in-roles.ts'
import type { DatabaseStatement } from '../sql/statement.ts'
import { command } from './answer.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement } from './executor.ts'
import { requireSuperuser } from './require-superuser.ts'

/**
 * @throws GatewayError `insufficient_privilege`, `active_transaction`, `duplicate_database`,
 *         `invalid_catalog_name`, `object_in_use`, `invalid_parameter_value` for a name. Nothing is
 *         changed then.
 */
export async function runDatabaseStatement(
  context: SessionContext,
  statement: DatabaseStatement,
): Promise<RunningStatement> {
  const { identity, session, transaction } = context
  const words = WORDS[statement.kind]
  requireSuperuser(
    identity.authority(session.principal.roleId),
    `${words} needs a role with SUPERUSER.`,
  )
  // a file more or less is no part of a transaction of the engine
  if (transaction.kind !== 'none') {
    throw new GatewayError('active_transaction', `${words} cannot run inside a transaction block`)
  }
  const catalog = await context.catalog.current()
  const existing = catalog.database(statement.name)
  const notice =
    statement.kind === 'create_database'
      ? await create(context, statement, catalog, existing)
      : await drop(context, statement, catalog, existing)
  return command(words, notice === undefined ? [] : [skipped(notice)])
}

const WORDS = { create_database: 'CREATE DATABASE', drop_database: 'DROP DATABASE' } as const

/** The grants on what is in it come before it: a crash between leaves some on nothing, to be swept. */
async function create(
  { engine, identity, session }: SessionContext,
  { name, ifNotExists }: Extract<DatabaseStatement, { kind: 'create_database' }>,
  catalog: CatalogSnapshot,
  existing: DatabaseEntry | undefined,
): Promise<string | undefined> {
  if (existing && ifNotExists) return `database "${name}" already exists, skipping`
  if (existing) {
    throw new GatewayError('duplicate_database', `database "${name}" already exists`)
  }
  checkNewDatabaseName(name, catalog)
  const [databaseId, schemaId] = [randomUUID(), randomUUID()]
  const schema = { kind: 'schema', databaseId, schemaId } as const
  try {
    await identity.grant([{ role: PUBLIC_ROLE_NAME, permission: 'USAGE', object: schema }])
    await identity.grantDefaults(session.principal.roleId, [schema])
    await engine.createDatabase({ name, databaseId, schemaId })
  } catch (thrown) {
    // where the engine died the database may be there: the next start sweeps what is on nothing
    const isUnknown = thrown instanceof GatewayError && thrown.kind === 'crash_shutdown'
    if (!isUnknown) await identity.forgetObjects(new Set([databaseId]))
    throw thrown
  }
  return undefined
}

async function drop(
  { engine, identity, session, sessions }: SessionContext,
  { name, ifExists }: Extract<DatabaseStatement, { kind: 'drop_database' }>,
  catalog: CatalogSnapshot,
  existing: DatabaseEntry | undefined,
): Promise<string | undefined> {
  if (!existing && ifExists) return `database "${name}" does not exist, skipping`
  if (!existing) throw new GatewayError('invalid_catalog_name', `database "${name}" does not exist`)
  if (existing.readOnly) throw readOnlyDatabase(existing.name)
  if (existing.name === session.database) {
    throw new GatewayError('object_in_use', 'cannot drop the currently open database', {
      hint: 'Go to another one first: USE DATABASE master',
    })
  }
  const users = sessions.live.filter((live) => live.session.database === existing.name).length
  if (users > 0) {
    const many = users === 1 ? 'There is 1 other session' : `There are ${users} other sessions`
    throw new GatewayError(
      'object_in_use',
      `database "${existing.name}" is being accessed by other users`,
      { detail: `${many} using the database.`, hint: 'List them with: DESCRIBE SESSIONS' },
    )
  }
  await engine.dropDatabase(existing.name)
  await identity.forgetObjects(idsIn(existing, catalog))
  return undefined
}

function idsIn({ id }: DatabaseEntry, { schemas, tables }: CatalogSnapshot): Set<string> {
  return new Set([
    id,
    ...schemas.filter(({ database }) => database.id === id).map((schema) => schema.id),
    ...tables.filter(({ schema }) => schema.database.id === id).map((table) => table.id),
  ])
}

function skipped(message: string): { severity: 'NOTICE'; code: string; message: string } {
  return { severity: 'NOTICE', code: '00000', message }
}
