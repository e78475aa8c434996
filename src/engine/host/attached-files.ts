/**
 * Databases that others write, attached to be read.
 *
 * The engine holds a shared lock on each: who writes to it meanwhile is refused there, and a file that
 * is being written is refused here. So what it holds does not change while it is attached.
 *
 * They have no registry. Their ids are made of names, which are all that stays the same between two
 * starts: a table has the grants of the one that had its name before.
 */
import { createHash } from 'node:crypto'
import { GatewayError } from '../../base/gateway-error.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { engineError } from '../duckdb/engine-error.ts'
import type { AttachedFile, WireDefinitions } from '../wire/request.ts'
import type { EngineDatabase } from './engine-catalog.ts'
import { INTERNAL_SCHEMA } from '../internal-schema.ts'
import { literal, quoteName } from './quote-name.ts'

/**
 * Before the engine is locked down.
 *
 * @throws GatewayError `io_error` that names the setting, for a file that is no database, or is held
 *         by who writes it; `duplicate_database` for a name that a database has.
 */
export function attachFiles(connection: DuckDbConnection, files: readonly AttachedFile[]): void {
  for (const { name, file } of files) {
    try {
      connection.execute(`ATTACH ${literal(file)} AS ${quoteName(name)} (READ_ONLY)`)
    } catch (thrown) {
      const { message } = thrown instanceof GatewayError ? thrown : engineError(String(thrown))
      throw new GatewayError(
        'io_error',
        `databases.attached.${name} cannot be opened: ${message}`,
        {
          hint: 'It must be a DuckDB file that no other process has open to write. Take it out of the setting to start without it.',
        },
      )
    }
  }
}

type Attached = Pick<WireDefinitions, 'schemas' | 'tables'> & {
  readonly id: string
  readonly name: string
}

/** Its tables. What else is in it, its views among them, is nobody's whom the gate knows: it is left out. */
export function describeAttached(
  database: string,
  { schemas, relations }: EngineDatabase,
): Attached {
  const named = schemas.filter(
    ({ name, internal }) => (!internal || name === 'main') && name !== INTERNAL_SCHEMA,
  )
  const tables = relations.filter(({ schema, sql }) => sql === null && schema !== INTERNAL_SCHEMA)
  return {
    id: idOf(database),
    name: database,
    schemas: named.map(({ name }) => ({ id: idOf(database, name), database, name })),
    tables: tables.map(({ schema, name, estimatedRows, primaryKey, columns }) => ({
      id: idOf(database, schema, name),
      kind: 'table' as const,
      database,
      schema,
      name,
      estimatedRows,
      primaryKey,
      indexes: [],
      // defaults are for whoever inserts
      columns: columns.map((one) => ({ ...one, defaultExpression: null })),
      columnKeys: [],
      view: null,
      foreign: null,
    })),
  }
}

/** In the form of the ids that are made by chance; the name of a database is written in small letters. */
function idOf(...names: readonly string[]): string {
  const hash = createHash('sha256')
    .update(`attached ${JSON.stringify(names)}`)
    .digest('hex')
  const part = (from: number, to: number): string => hash.slice(from, to)
  return `${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`
}
