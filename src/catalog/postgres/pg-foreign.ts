/**
 * Foreign tables, and the servers that PostgreSQL has between them and their wrappers: one for each
 * form of files, named as its wrapper is. Which location and which files, it does not tell.
 */
import type { FileFormat } from '../../engine/engine.ts'
import { always, emptyRelation, oid, relation, text } from './catalog-relation.ts'
import { OWNER } from './postgres-world.ts'
import type { PostgresWorld } from './postgres-world.ts'

const SERVERS: Readonly<Record<FileFormat, { readonly oid: number; readonly name: string }>> = {
  csv: { oid: 14_001, name: 'csv_fdw' },
  json: { oid: 14_002, name: 'json_fdw' },
  parquet: { oid: 14_003, name: 'parquet_fdw' },
}

const foreignTables = ({ tables }: PostgresWorld) =>
  tables.flatMap((table) => (table.format ? [{ table, server: SERVERS[table.format] }] : []))

export const pgForeignTable = relation('pg_catalog', 'pg_foreign_table', foreignTables, {
  ftrelid: oid(({ table }) => table.oid),
  ftserver: oid(({ server }) => server.oid),
  ftoptions: always('VARCHAR[]', null),
})

/** A function in PostgreSQL, of the options of an object: there are none here. */
export const pgOptionsToTable = emptyRelation(
  'pg_options_to_table',
  'option_name VARCHAR, option_value VARCHAR',
)

export const pgForeignServer = relation(
  'pg_catalog',
  'pg_foreign_server',
  () => Object.values(SERVERS),
  {
    oid: oid((server) => server.oid),
    srvname: text((server) => server.name),
    srvowner: always('BIGINT', OWNER.oid),
    srvfdw: oid((server) => server.oid),
    srvtype: always('VARCHAR', null),
    srvversion: always('VARCHAR', null),
    srvacl: always('VARCHAR[]', null),
    srvoptions: always('VARCHAR[]', null),
  },
)

export const pgForeignDataWrapper = relation(
  'pg_catalog',
  'pg_foreign_data_wrapper',
  () => Object.values(SERVERS),
  {
    oid: oid((wrapper) => wrapper.oid),
    fdwname: text((wrapper) => wrapper.name),
    fdwowner: always('BIGINT', OWNER.oid),
    fdwhandler: always('BIGINT', 0),
    fdwvalidator: always('BIGINT', 0),
    fdwacl: always('VARCHAR[]', null),
    fdwoptions: always('VARCHAR[]', null),
  },
)
