/** Rows of the metadata tables to rows of identity, and back. */
import { assert, present } from '../base/assert.ts'
import { PERMISSIONS } from '../base/permission-name.ts'
import type { Permission } from '../base/permission-name.ts'
import type { ClientLimits } from '../identity/client-limits.ts'
import { defaultGrantKey } from '../identity/default-grant-key.ts'
import type {
  ClientRow,
  DefaultGrantRow,
  GrantRow,
  RoleRow,
  TokenRow,
} from '../identity/identity-store.ts'
import { objectKey } from '../identity/object-key.ts'
import type { ObjectKind, ObjectRef } from '../identity/permission.ts'
import type {
  AccessTokenTable,
  ClientTable,
  DefaultGrantTable,
  RoleGrantTable,
  RoleTable,
} from './metadata-tables.ts'

const OBJECT_KINDS: readonly ObjectKind[] = [
  'database',
  'schema',
  'table',
  'view',
  'foreign table',
  'sequence',
  'column',
  'function',
  'location',
]

export function roleFromTable(row: RoleTable): RoleRow {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    builtIn: row.built_in !== 0,
    login: row.login !== 0,
    superuser: row.superuser !== 0,
    clusterAdmin: row.cluster_admin !== 0,
  }
}

export function roleToTable(role: RoleRow): RoleTable {
  return {
    id: role.id,
    number: role.number,
    name: role.name,
    built_in: Number(role.builtIn),
    login: Number(role.login),
    superuser: Number(role.superuser),
    cluster_admin: Number(role.clusterAdmin),
  }
}

export function grantFromTable(row: RoleGrantTable): GrantRow {
  const object: ObjectRef = {
    kind: present(
      OBJECT_KINDS.find((kind) => kind === row.object_kind),
      'a stored grant is on a kind of object that we know',
    ),
    databaseId: row.database_id,
    ...(row.schema_id === null ? {} : { schemaId: row.schema_id }),
    ...(row.table_id === null
      ? {}
      : row.object_kind === 'function'
        ? { functionId: row.table_id }
        : { tableId: row.table_id }),
    ...(row.column_name === null ? {} : { column: row.column_name }),
    ...(row.location === null ? {} : { location: row.location }),
  }
  assert(objectKey(object) === row.object_key, 'a stored grant names one object')
  return { roleId: row.role_id, permission: permissionNamed(row.permission), object }
}

export function grantToTable({ roleId, permission, object }: GrantRow): RoleGrantTable {
  return {
    role_id: roleId,
    permission,
    object_key: objectKey(object),
    object_kind: object.kind,
    database_id: object.databaseId,
    schema_id: object.schemaId ?? null,
    table_id: object.tableId ?? object.functionId ?? null,
    column_name: object.column ?? null,
    location: object.location ?? null,
  }
}

export function defaultGrantFromTable(row: DefaultGrantTable): DefaultGrantRow {
  const { database_id: databaseId, schema_id: schemaId } = row
  const rule: DefaultGrantRow = {
    creatorId: row.creator_id ?? undefined,
    objectKind: present(
      (['schema', 'table', 'view', 'foreign table', 'sequence', 'function'] as const).find(
        (kind) => kind === row.object_kind,
      ),
      'a stored rule is about a kind of object that can be created',
    ),
    schema:
      databaseId === null || schemaId === null
        ? undefined
        : { kind: 'schema', databaseId, schemaId },
    permission: permissionNamed(row.permission),
    granteeId: row.grantee_id ?? undefined,
  }
  assert(defaultGrantKey(rule) === row.rule_key, 'a stored rule bears its own key')
  return rule
}

export function defaultGrantToTable(rule: DefaultGrantRow): DefaultGrantTable {
  return {
    rule_key: defaultGrantKey(rule),
    creator_id: rule.creatorId ?? null,
    object_kind: rule.objectKind,
    database_id: rule.schema?.databaseId ?? null,
    schema_id: rule.schema?.schemaId ?? null,
    permission: rule.permission,
    grantee_id: rule.granteeId ?? null,
  }
}

export function clientFromTable(row: ClientTable): ClientRow {
  return {
    id: row.id,
    name: row.name,
    label: row.label ?? undefined,
    roleId: row.role_id,
    enabled: row.enabled !== 0,
    jobs: row.jobs !== 0,
    createdAt: row.created_at,
    allowedAddresses: JSON.parse(row.allowed_addresses) as string[],
    limits: JSON.parse(row.limits) as ClientLimits,
    scramSalt: row.scram_salt,
    scramIterations: row.scram_iterations,
  }
}

export function clientToTable(client: ClientRow): ClientTable {
  return {
    id: client.id,
    name: client.name,
    label: client.label ?? null,
    role_id: client.roleId,
    enabled: Number(client.enabled),
    jobs: Number(client.jobs),
    created_at: client.createdAt,
    allowed_addresses: JSON.stringify(client.allowedAddresses),
    limits: JSON.stringify(client.limits),
    scram_salt: client.scramSalt,
    scram_iterations: client.scramIterations,
  }
}

export function tokenFromTable(row: AccessTokenTable): TokenRow {
  const { scram_stored_key: storedKey, scram_server_key: serverKey } = row
  const { last_used_at: at, last_used_address: address, last_used_tool: tool } = row
  return {
    id: row.id,
    clientId: row.client_id,
    digest: row.digest,
    pepperVersion: row.pepper_version,
    sealed: row.sealed ?? undefined,
    scram: storedKey && serverKey ? { storedKey, serverKey } : undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    endsAt: row.ends_at ?? undefined,
    lastUse: at === null ? undefined : { at, address: address ?? '', tool: tool ?? '' },
  }
}

export function tokenToTable(token: TokenRow): AccessTokenTable {
  return {
    id: token.id,
    client_id: token.clientId,
    digest: token.digest,
    pepper_version: token.pepperVersion,
    sealed: token.sealed ?? null,
    scram_stored_key: token.scram?.storedKey ?? null,
    scram_server_key: token.scram?.serverKey ?? null,
    created_at: token.createdAt,
    expires_at: token.expiresAt ?? null,
    ends_at: token.endsAt ?? null,
    last_used_at: token.lastUse?.at ?? null,
    last_used_address: token.lastUse?.address ?? null,
    last_used_tool: token.lastUse?.tool ?? null,
  }
}

function permissionNamed(name: string): Permission {
  return present(
    PERMISSIONS.find((permission) => permission === name),
    'a stored grant is of a permission that we know',
  )
}
