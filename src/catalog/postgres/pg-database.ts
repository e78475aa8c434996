/** Databases that the reader may connect to. */
import { always, oid, relation, text } from './catalog-relation.ts'
import { DEFAULT_TABLESPACE } from './pg-tablespace.ts'
import { OWNER } from './postgres-world.ts'
import type { Named } from './postgres-world.ts'

/** pg_encoding: UTF8 */
const UTF8 = 6

export const pgDatabase = relation<Named>(
  'pg_catalog',
  'pg_database',
  ({ databases }) => databases,
  {
    oid: oid((database) => database.oid),
    datname: text((database) => database.name),
    datdba: always('BIGINT', OWNER.oid),
    encoding: always('INTEGER', UTF8),
    datlocprovider: always('VARCHAR', 'c'),
    datistemplate: always('BOOLEAN', false),
    datallowconn: always('BOOLEAN', true),
    datconnlimit: always('INTEGER', -1),
    datfrozenxid: always('BIGINT', 0),
    datminmxid: always('BIGINT', 0),
    dattablespace: always('BIGINT', DEFAULT_TABLESPACE.oid),
    datcollate: always('VARCHAR', 'C'),
    datctype: always('VARCHAR', 'C'),
    daticulocale: always('VARCHAR', null),
    datcollversion: always('VARCHAR', null),
    datacl: always('VARCHAR[]', null),
  },
)
