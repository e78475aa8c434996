/** Identity's port over the metadata store. */
import { GatewayError } from '../base/gateway-error.ts'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { CLIENT_USES_MAX } from '../identity/identity-store.ts'
import type {
  ClientUseRow,
  IdentityState,
  IdentityStore,
  IdentityStoreChange,
  TokenUseRow,
} from '../identity/identity-store.ts'
import { applyIdentityChange } from './apply-identity-change.ts'
import {
  clientFromTable,
  defaultGrantFromTable,
  grantFromTable,
  roleFromTable,
  tokenFromTable,
} from './identity-rows.ts'
import type { MetadataTables } from './metadata-tables.ts'
import { poolFromTable } from './pool-rows.ts'
import { savedQueryFromTable } from './saved-query-rows.ts'
import { linkFromTable, userFromTable } from './user-rows.ts'

type Db = Kysely<MetadataTables>

export class SqliteIdentityStore implements IdentityStore {
  readonly #db: Db

  constructor(db: Db) {
    this.#db = db
  }

  load(): Promise<IdentityState> {
    return this.#db.transaction().execute(loadState)
  }

  commit(expectedVersion: number, changes: readonly IdentityStoreChange[]): Promise<number> {
    return this.#db.transaction().execute(async (db) => {
      const version = expectedVersion + 1
      const { numUpdatedRows } = await db
        .updateTable('identity_state')
        .set({ version })
        .where('version', '=', expectedVersion)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) {
        throw new GatewayError('conflict', 'somebody else changed roles or clients meanwhile', {
          hint: 'Try again.',
          safeToRetry: true,
        })
      }
      for (const change of changes) await applyIdentityChange(db, change)
      return version
    })
  }

  async recordUses(uses: readonly TokenUseRow[]): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      const clientIds = new Set<string>()
      for (const use of uses) {
        const token = await db
          .selectFrom('access_token')
          .select('client_id')
          .where('id', '=', use.tokenId)
          .executeTakeFirst()
        if (!token) continue
        await putLastUse(db, use)
        await addClientUse(db, token.client_id, use)
        clientIds.add(token.client_id)
      }
      for (const clientId of clientIds) await dropOldestUses(db, clientId)
    })
  }

  async recordSignIn(userId: string, at: string): Promise<void> {
    await this.#db
      .updateTable('user_account')
      .set({ last_sign_in_at: at })
      .where('id', '=', userId)
      .execute()
  }

  async usesOf(clientId: string, since: string): Promise<ClientUseRow[]> {
    const rows = await this.#db
      .selectFrom('client_use')
      .selectAll()
      .where('client_id', '=', clientId)
      .where('last_used_at', '>=', since)
      .orderBy('last_used_at', 'desc')
      .execute()
    return rows.map(({ tool, address, first_used_at, last_used_at, uses }) => {
      return { tool, address, firstUsedAt: first_used_at, lastUsedAt: last_used_at, uses }
    })
  }
}

async function putLastUse(db: Db, { tokenId, at, address, tool }: TokenUseRow): Promise<void> {
  await db
    .updateTable('access_token')
    .set({ last_used_at: at, last_used_address: address, last_used_tool: tool })
    .where('id', '=', tokenId)
    .where((is) => is.or([is('last_used_at', 'is', null), is('last_used_at', '<=', at)]))
    .execute()
}

async function addClientUse(db: Db, client_id: string, use: TokenUseRow): Promise<void> {
  const { tool, address, firstAt, at, uses } = use
  await db
    .insertInto('client_use')
    .values({ client_id, tool, address, first_used_at: firstAt, last_used_at: at, uses })
    .onConflict((on) =>
      on.columns(['client_id', 'tool', 'address']).doUpdateSet({
        first_used_at: sql`min(client_use.first_used_at, excluded.first_used_at)`,
        last_used_at: sql`max(client_use.last_used_at, excluded.last_used_at)`,
        uses: sql`client_use.uses + excluded.uses`,
      }),
    )
    .execute()
}

async function dropOldestUses(db: Db, clientId: string): Promise<void> {
  const last = await db
    .selectFrom('client_use')
    .select(['tool', 'address'])
    .where('client_id', '=', clientId)
    .orderBy('last_used_at', 'desc')
    .limit(-1) // SQLite: OFFSET only stands after LIMIT
    .offset(CLIENT_USES_MAX)
    .execute()
  for (const { tool, address } of last) {
    await db
      .deleteFrom('client_use')
      .where('client_id', '=', clientId)
      .where('tool', '=', tool)
      .where('address', '=', address)
      .execute()
  }
}

async function loadState(db: Db): Promise<IdentityState> {
  const { version } = await db
    .selectFrom('identity_state')
    .select('version')
    .executeTakeFirstOrThrow()
  const properties = await db.selectFrom('identity_property').selectAll().execute()
  const roles = await db.selectFrom('role').selectAll().orderBy('number').execute()
  const memberships = await db.selectFrom('role_membership').selectAll().execute()
  const grants = await db.selectFrom('role_grant').selectAll().execute()
  const defaultGrants = await db.selectFrom('default_grant').selectAll().execute()
  const defaultSchemas = await db.selectFrom('default_schema').selectAll().execute()
  const clients = await db.selectFrom('client').selectAll().execute()
  const tokens = await db.selectFrom('access_token').selectAll().execute()
  const users = await db.selectFrom('user_account').selectAll().execute()
  const links = await db.selectFrom('one_time_link').selectAll().execute()
  const creations = await db.selectFrom('creation').selectAll().execute()
  const pools = await db.selectFrom('resource_pool').selectAll().execute()
  const savedQueries = await db.selectFrom('saved_query').selectAll().execute()
  return {
    version,
    properties: Object.fromEntries(properties.map(({ name, value }) => [name, value])),
    roles: roles.map(roleFromTable),
    memberships: memberships.map(({ role_id, member_id, admin_option }) => ({
      roleId: role_id,
      memberId: member_id,
      adminOption: admin_option !== 0,
    })),
    grants: grants.map(grantFromTable),
    defaultGrants: defaultGrants.map(defaultGrantFromTable),
    defaultSchemas: defaultSchemas.map(({ role_id, database_id, schema_id }) => {
      return { roleId: role_id, databaseId: database_id, schemaId: schema_id }
    }),
    clients: clients.map(clientFromTable),
    tokens: tokens.map(tokenFromTable),
    users: users.map(userFromTable),
    links: links.map(linkFromTable),
    creations: creations.map((row) => ({
      key: row.key,
      request: row.request,
      objectId: row.object_id,
      tokenId: row.token_id ?? undefined,
      createdAt: row.created_at,
    })),
    pools: pools.map(poolFromTable),
    savedQueries: savedQueries.map(savedQueryFromTable),
  }
}
