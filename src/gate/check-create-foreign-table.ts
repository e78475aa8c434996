/**
 * CREATE [OR REPLACE] FOREIGN TABLE [IF NOT EXISTS] name [(columns)] [FOREIGN DATA] WRAPPER wrapper
 * OPTIONS (LOCATION = 'name/path', …).
 *
 * To the engine it is a view over a reader (`foreign-text.ts`). The role that makes it answers for it:
 * it must have USAGE on the location, now and whenever the table is read. One that is put in the place
 * of another is a new one, as with tables: what was granted on the old one is gone with it.
 */
import { randomUUID } from 'node:crypto'
import { typeName } from '../columnar/parse-type-name.ts'
import type { FileFormat } from '../engine/engine.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { checkAgainstFiles, inferredColumns, readForeignColumns } from './foreign-columns.ts'
import type { ForeignColumn } from './foreign-columns.ts'
import { readForeignOptions } from './foreign-options.ts'
import { readForeignPath } from './foreign-path.ts'
import type { ForeignPath } from './foreign-path.ts'
import { foreignText } from './foreign-text.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import { readNewRelation, skipping } from './new-relation.ts'
import { notSupported } from './refusals.ts'
import { needOnLocation } from './requirements.ts'
import { nothingThere } from './nothing-there.ts'

export async function checkCreateForeignTable(context: GateContext): Promise<CheckedStatement> {
  const { cursor } = readHead(context)
  const made = readNewRelation(cursor, context, 'foreign table')
  const { schema, name, fullName, replaced, kept } = made
  const written = readForeignColumns(cursor)
  const format = readWrapper(cursor)
  const options = readForeignOptions(cursor, format)
  cursor.expectEnd()
  const place = readForeignPath(options.location, context)
  if (kept) {
    const { requires } = made
    const reason = skipping(kept.name).replace(', skipping', '')
    return { ...nothingThere(context, 'CREATE FOREIGN TABLE', reason), requires }
  }
  const columns = await columnsOf(written, format, place, context)
  const tableId = randomUUID()
  const { location, path } = place
  const { csv } = options
  const source = { format, location: location.name, path, ...(format === 'csv' && { csv }) }
  const fileColumns = columns.map(({ name: column, type }) => {
    return { name: column, typeName: typeName(type) }
  })
  context.files.add([
    { ...source, tableId, name, directory: location.directory, columns: fileColumns, told: true },
  ])
  const { roleId: ownerRole } = context.authority
  return {
    text: `CREATE ${replaced ? 'OR REPLACE ' : ''}VIEW ${fullName} AS ${foreignText({ tableId, format, columns, csv })}`,
    action: {
      kind: 'define',
      tag: 'CREATE FOREIGN TABLE',
      database: schema.database.name,
      registers: [
        { id: tableId, kind: 'foreign table', schema: schema.name, name, ownerRole, source },
      ],
      unregisters: replaced ? [replaced.id] : [],
      countsRows: false,
    },
    requires: [...made.requires, needOnLocation(location)],
    personal: false,
    reusable: false,
  }
}

const WRAPPERS: Readonly<Record<string, FileFormat>> = {
  csv_fdw: 'csv',
  json_fdw: 'json',
  parquet_fdw: 'parquet',
}

function readWrapper(cursor: TokenCursor): FileFormat {
  cursor.accept('foreign', 'data')
  cursor.expect('wrapper')
  const name = cursor.identifier().toLowerCase()
  const format = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined
  if (format) return format
  throw notSupported(
    `the wrapper ${name.slice(0, 60)}`,
    `There are: ${Object.keys(WRAPPERS).join(', ')}.`,
  )
}

/** What is written is held against the files where these have names and types. */
async function columnsOf(
  written: readonly ForeignColumn[],
  format: FileFormat,
  { location: { directory }, path }: ForeignPath,
  { introspection }: GateContext,
): Promise<readonly ForeignColumn[]> {
  if (written.length === 0 && format === 'csv') {
    throw notSupported('csv_fdw without columns', 'Write out all columns of the files, in order.')
  }
  if (written.length > 0 && format !== 'parquet') return written
  const found = await introspection.inspect({ format, directory, path })
  if (written.length === 0) return inferredColumns(found)
  checkAgainstFiles(written, found)
  return written
}
