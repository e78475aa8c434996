/** Who owns everything, and the reader itself; nobody else's name. */
import { always, boolean, oid, relation, text } from './catalog-relation.ts'
import type { PostgresRole, PostgresWorld } from './postgres-world.ts'

const roles = (world: PostgresWorld): readonly PostgresRole[] => world.roles

export const pgRoles = relation('pg_catalog', 'pg_roles', roles, {
  rolname: text((role) => role.name),
  rolsuper: boolean((role) => role.superuser),
  rolinherit: always('BOOLEAN', true),
  rolcreaterole: boolean((role) => role.superuser),
  rolcreatedb: boolean((role) => role.superuser),
  rolcanlogin: always('BOOLEAN', true),
  rolreplication: always('BOOLEAN', false),
  rolconnlimit: always('INTEGER', -1),
  rolpassword: always('VARCHAR', '********'),
  rolvaliduntil: always('TIMESTAMP WITH TIME ZONE', null),
  rolbypassrls: boolean((role) => role.superuser),
  rolconfig: always('VARCHAR[]', null),
  oid: oid((role) => role.oid),
})

export const pgUser = relation('pg_catalog', 'pg_user', roles, {
  usename: text((role) => role.name),
  usesysid: oid((role) => role.oid),
  usecreatedb: boolean((role) => role.superuser),
  usesuper: boolean((role) => role.superuser),
  userepl: always('BOOLEAN', false),
  usebypassrls: boolean((role) => role.superuser),
  passwd: always('VARCHAR', '********'),
  valuntil: always('TIMESTAMP WITH TIME ZONE', null),
  useconfig: always('VARCHAR[]', null),
})
