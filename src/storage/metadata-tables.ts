/** The tables of the metadata store, as Kysely sees them. The truth is in `migrations/`. */
export interface MetadataTables {
  readonly identity_state: { singleton: number; version: number }
  readonly identity_property: { name: string; value: string }
  readonly role: RoleTable
  readonly role_membership: { role_id: string; member_id: string; admin_option: number }
  readonly role_grant: RoleGrantTable
  readonly default_grant: DefaultGrantTable
  readonly default_schema: { role_id: string; database_id: string; schema_id: string }
  readonly client: ClientTable
  readonly access_token: AccessTokenTable
  readonly client_use: ClientUseTable
  readonly user_account: UserAccountTable
  readonly one_time_link: OneTimeLinkTable
  readonly console_session: ConsoleSessionTable
  readonly creation: CreationTable
  readonly resource_pool: ResourcePoolTable
  readonly saved_query: SavedQueryTable
}

/** Booleans are 0 and 1. */
export interface RoleTable {
  id: string
  number: number
  name: string
  built_in: number
  login: number
  superuser: number
  cluster_admin: number
}

export interface RoleGrantTable {
  role_id: string
  permission: string
  object_key: string
  object_kind: string
  database_id: string
  schema_id: string | null
  /** Of a table or view, of the one that a column belongs to, or of a function. */
  table_id: string | null
  column_name: string | null
  location: string | null
}

export interface DefaultGrantTable {
  rule_key: string
  creator_id: string | null
  object_kind: string
  database_id: string | null
  schema_id: string | null
  permission: string
  grantee_id: string | null
}

export interface ClientTable {
  id: string
  name: string
  label: string | null
  role_id: string
  enabled: number
  jobs: number
  created_at: string
  allowed_addresses: string
  limits: string
  scram_salt: Uint8Array
  scram_iterations: number
}

export interface ClientUseTable {
  client_id: string
  tool: string
  address: string
  first_used_at: string
  last_used_at: string
  uses: number
}

export interface UserAccountTable {
  id: string
  name: string
  name_key: string
  role_id: string
  enabled: number
  password_hash: string | null
  created_at: string
  last_sign_in_at: string | null
}

export interface OneTimeLinkTable {
  id: string
  purpose: string
  user_id: string | null
  digest: Uint8Array
  created_at: string
  expires_at: string | null
}

export interface ConsoleSessionTable {
  id: string
  user_id: string
  digest: Uint8Array
  created_at: string
  last_seen_at: string
  proven_at: string
  address: string
  tool: string
}

export interface AccessTokenTable {
  id: string
  client_id: string
  digest: Uint8Array
  pepper_version: number
  sealed: Uint8Array | null
  scram_stored_key: Uint8Array | null
  scram_server_key: Uint8Array | null
  created_at: string
  expires_at: string | null
  ends_at: string | null
  last_used_at: string | null
  last_used_address: string | null
  last_used_tool: string | null
}

export interface CreationTable {
  key: string
  request: string
  object_id: string
  token_id: string | null
  created_at: string
}

export interface ResourcePoolTable {
  id: string
  name: string
  concurrency: number | null
  queue_wait_seconds: number | null
  run_seconds: number | null
  is_default: number
  created_at: string
}

export interface SavedQueryTable {
  id: string
  database_name: string
  owner_role: string
  name: string
  query: string
  dialect: string
  created_at: string
}
