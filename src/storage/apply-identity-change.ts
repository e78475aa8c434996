/** One change of identity as one statement, inside the transaction of its commit. */
import { unreachable } from '../base/assert.ts'
import type { Kysely } from 'kysely'
import type {
  ClientRow,
  CreationRow,
  DefaultGrantRow,
  DefaultSchemaRow,
  GrantRow,
  IdentityStoreChange,
  LinkRow,
  MembershipRow,
  PoolRow,
  RoleRow,
  TokenRow,
  UserRow,
} from '../identity/identity-store.ts'
import {
  clientToTable,
  defaultGrantToTable,
  grantToTable,
  roleToTable,
  tokenToTable,
} from './identity-rows.ts'
import { poolToTable } from './pool-rows.ts'
import { savedQueryToTable } from './saved-query-rows.ts'
import type { SavedQuery } from '../identity/saved-queries.ts'
import { linkToTable, userToTable } from './user-rows.ts'
import type { MetadataTables } from './metadata-tables.ts'

type Db = Kysely<MetadataTables>

export async function applyIdentityChange(db: Db, change: IdentityStoreChange): Promise<void> {
  switch (change.kind) {
    case 'set_property':
      return setProperty(db, change.name, change.value)
    case 'put_role':
      return putRole(db, change.role)
    case 'remove_role':
      return void (await db.deleteFrom('role').where('id', '=', change.roleId).execute())
    case 'put_membership':
      return putMembership(db, change.membership)
    case 'remove_membership':
      return removeMembership(db, change.roleId, change.memberId)
    case 'put_grant':
      return putGrant(db, change.grant)
    case 'remove_grant':
      return removeGrant(db, change.grant)
    case 'put_default_grant':
      return putDefaultGrant(db, change.rule)
    case 'remove_default_grant':
      return removeDefaultGrant(db, change.rule)
    case 'put_default_schema':
      return putDefaultSchema(db, change.defaultSchema)
    case 'remove_default_schema':
      return removeDefaultSchema(db, change.defaultSchema)
    case 'put_client':
      return putClient(db, change.client)
    case 'remove_client':
      return void (await db.deleteFrom('client').where('id', '=', change.clientId).execute())
    case 'put_token':
      return putToken(db, change.token)
    case 'remove_token':
      return void (await db.deleteFrom('access_token').where('id', '=', change.tokenId).execute())
    case 'put_user':
      return putUser(db, change.user)
    case 'remove_user':
      return void (await db.deleteFrom('user_account').where('id', '=', change.userId).execute())
    case 'put_link':
      return putLink(db, change.link)
    case 'remove_link':
      return void (await db.deleteFrom('one_time_link').where('id', '=', change.linkId).execute())
    case 'put_creation':
      return putCreation(db, change.creation)
    case 'remove_creation':
      return void (await db.deleteFrom('creation').where('key', '=', change.key).execute())
    case 'put_pool':
      return putPool(db, change.pool)
    case 'remove_pool':
      return void (await db.deleteFrom('resource_pool').where('id', '=', change.poolId).execute())
    case 'put_saved_query':
      return putSavedQuery(db, change.query)
    case 'remove_saved_query':
      return void (await db.deleteFrom('saved_query').where('id', '=', change.queryId).execute())
    default:
      unreachable(change)
  }
}

async function setProperty(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto('identity_property')
    .values({ name, value })
    .onConflict((on) => on.column('name').doUpdateSet({ value }))
    .execute()
}

async function putRole(db: Db, role: RoleRow): Promise<void> {
  const row = roleToTable(role)
  await db
    .insertInto('role')
    .values(row)
    .onConflict((on) => on.column('id').doUpdateSet(row))
    .execute()
}

async function putMembership(db: Db, membership: MembershipRow): Promise<void> {
  const { roleId, memberId, adminOption } = membership
  const admin_option = Number(adminOption)
  await db
    .insertInto('role_membership')
    .values({ role_id: roleId, member_id: memberId, admin_option })
    .onConflict((on) => on.columns(['role_id', 'member_id']).doUpdateSet({ admin_option }))
    .execute()
}

async function removeMembership(db: Db, roleId: string, memberId: string): Promise<void> {
  await db
    .deleteFrom('role_membership')
    .where('role_id', '=', roleId)
    .where('member_id', '=', memberId)
    .execute()
}

async function putGrant(db: Db, grant: GrantRow): Promise<void> {
  const row = grantToTable(grant)
  await db
    .insertInto('role_grant')
    .values(row)
    .onConflict((on) => on.columns(['role_id', 'permission', 'object_key']).doUpdateSet(row))
    .execute()
}

async function removeGrant(db: Db, grant: GrantRow): Promise<void> {
  const { role_id, permission, object_key } = grantToTable(grant)
  await db
    .deleteFrom('role_grant')
    .where('role_id', '=', role_id)
    .where('permission', '=', permission)
    .where('object_key', '=', object_key)
    .execute()
}

async function putDefaultGrant(db: Db, rule: DefaultGrantRow): Promise<void> {
  await db
    .insertInto('default_grant')
    .values(defaultGrantToTable(rule))
    .onConflict((on) => on.column('rule_key').doNothing()) // all of a rule is in its key
    .execute()
}

async function removeDefaultGrant(db: Db, rule: DefaultGrantRow): Promise<void> {
  const { rule_key } = defaultGrantToTable(rule)
  await db.deleteFrom('default_grant').where('rule_key', '=', rule_key).execute()
}

async function putDefaultSchema(db: Db, row: DefaultSchemaRow): Promise<void> {
  const { roleId: role_id, databaseId: database_id, schemaId: schema_id } = row
  await db
    .insertInto('default_schema')
    .values({ role_id, database_id, schema_id })
    .onConflict((on) => on.columns(['role_id', 'database_id']).doUpdateSet({ schema_id }))
    .execute()
}

async function removeDefaultSchema(db: Db, row: DefaultSchemaRow): Promise<void> {
  await db
    .deleteFrom('default_schema')
    .where('role_id', '=', row.roleId)
    .where('database_id', '=', row.databaseId)
    .execute()
}

async function putClient(db: Db, client: ClientRow): Promise<void> {
  const row = clientToTable(client)
  await db
    .insertInto('client')
    .values(row)
    .onConflict((on) => on.column('id').doUpdateSet(row))
    .execute()
}

/** What is known of the last use is newer in the table than in the row. */
async function putToken(db: Db, token: TokenRow): Promise<void> {
  const row = tokenToTable(token)
  const { last_used_at: _at, last_used_address: _from, last_used_tool: _with, ...kept } = row
  await db
    .insertInto('access_token')
    .values(row)
    .onConflict((on) => on.column('id').doUpdateSet(kept))
    .execute()
}

/** What is known of the last sign-in is newer in the table than in the row. */
async function putUser(db: Db, user: UserRow): Promise<void> {
  const row = userToTable(user)
  const { last_sign_in_at: _at, ...kept } = row
  await db
    .insertInto('user_account')
    .values(row)
    .onConflict((on) => on.column('id').doUpdateSet(kept))
    .execute()
}

async function putLink(db: Db, link: LinkRow): Promise<void> {
  const row = linkToTable(link)
  await db
    .insertInto('one_time_link')
    .values(row)
    .onConflict((on) => on.column('id').doUpdateSet(row))
    .execute()
}

async function putCreation(db: Db, creation: CreationRow): Promise<void> {
  const { key, request, objectId, tokenId, createdAt } = creation
  const row = { request, object_id: objectId, token_id: tokenId ?? null, created_at: createdAt }
  await db
    .insertInto('creation')
    .values({ key, ...row })
    .onConflict((on) => on.column('key').doUpdateSet(row))
    .execute()
}

async function putPool(db: Db, pool: PoolRow): Promise<void> {
  const row = poolToTable(pool)
  await db
    .insertInto('resource_pool')
    .values(row)
    .onConflict((on) => on.column('id').doUpdateSet(row))
    .execute()
}

async function putSavedQuery(db: Db, query: SavedQuery): Promise<void> {
  const row = savedQueryToTable(query)
  await db
    .insertInto('saved_query')
    .values(row)
    .onConflict((on) => on.column('id').doUpdateSet(row))
    .execute()
}
