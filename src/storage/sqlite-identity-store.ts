/** Identity's port over the metadata store. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Kysely } from 'kysely'
import type {
  IdentityState,
  IdentityStore,
  IdentityStoreChange,
  TokenUseRow,
} from '../identity/identity-store.ts'
import { applyIdentityChange } from './apply-identity-change.ts'
import { clientFromTable, grantFromTable, roleFromTable, tokenFromTable } from './identity-rows.ts'
import type { MetadataTables } from './metadata-tables.ts'

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
      for (const { tokenId, at, address, tool } of uses) {
        await db
          .updateTable('access_token')
          .set({ last_used_at: at, last_used_address: address, last_used_tool: tool })
          .where('id', '=', tokenId)
          .execute()
      }
    })
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
  const clients = await db.selectFrom('client').selectAll().execute()
  const tokens = await db.selectFrom('access_token').selectAll().execute()
  const creations = await db.selectFrom('creation').selectAll().execute()
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
    clients: clients.map(clientFromTable),
    tokens: tokens.map(tokenFromTable),
    creations: creations.map((row) => ({
      key: row.key,
      request: row.request,
      objectId: row.object_id,
      tokenId: row.token_id ?? undefined,
      createdAt: row.created_at,
    })),
  }
}
