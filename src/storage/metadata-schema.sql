CREATE TABLE access_token (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id) DEFERRABLE INITIALLY DEFERRED,
  digest BLOB NOT NULL,
  pepper_version INTEGER NOT NULL,
  sealed BLOB,
  scram_stored_key BLOB,
  scram_server_key BLOB,
  created_at TEXT NOT NULL,
  expires_at TEXT,
  ends_at TEXT,
  last_used_at TEXT,
  last_used_address TEXT,
  last_used_tool TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE client (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  label TEXT,
  role_id TEXT NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  enabled INTEGER NOT NULL,
  jobs INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  allowed_addresses TEXT NOT NULL, -- a JSON array of addresses and CIDR blocks
  scram_salt BLOB NOT NULL,
  scram_iterations INTEGER NOT NULL
, limits TEXT NOT NULL DEFAULT '{}') STRICT, WITHOUT ROWID;

CREATE TABLE client_use (
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  tool TEXT NOT NULL,
  address TEXT NOT NULL,
  first_used_at TEXT NOT NULL,
  last_used_at TEXT NOT NULL,
  uses INTEGER NOT NULL,
  PRIMARY KEY (client_id, tool, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE console_session (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
  digest BLOB NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  proven_at TEXT NOT NULL,
  address TEXT NOT NULL,
  tool TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE creation (
  key TEXT PRIMARY KEY,
  request TEXT NOT NULL,
  object_id TEXT NOT NULL,
  token_id TEXT,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE default_grant (
  rule_key TEXT PRIMARY KEY,
  creator_id TEXT REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  object_kind TEXT NOT NULL,
  database_id TEXT,
  schema_id TEXT,
  permission TEXT NOT NULL,
  grantee_id TEXT REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE default_schema (
  role_id TEXT NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  database_id TEXT NOT NULL,
  schema_id TEXT NOT NULL,
  PRIMARY KEY (role_id, database_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_property (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_state (
  singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT;

CREATE TABLE one_time_link (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  user_id TEXT REFERENCES user_account (id) DEFERRABLE INITIALLY DEFERRED,
  digest BLOB NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE resource_pool (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  concurrency INTEGER,
  queue_wait_seconds INTEGER,
  run_seconds INTEGER,
  is_default INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE role (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  built_in INTEGER NOT NULL,
  login INTEGER NOT NULL,
  superuser INTEGER NOT NULL,
  cluster_admin INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE role_grant (
  role_id TEXT NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  permission TEXT NOT NULL,
  object_key TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  database_id TEXT NOT NULL,
  schema_id TEXT,
  table_id TEXT,
  column_name TEXT, location TEXT,
  PRIMARY KEY (role_id, permission, object_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE role_membership (
  role_id TEXT NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  member_id TEXT NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  admin_option INTEGER NOT NULL,
  PRIMARY KEY (role_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_query (
  id TEXT PRIMARY KEY,
  database_name TEXT NOT NULL,
  owner_role TEXT NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  dialect TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (owner_role, database_name, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  role_id TEXT NOT NULL REFERENCES role (id) DEFERRABLE INITIALLY DEFERRED,
  enabled INTEGER NOT NULL,
  password_hash TEXT, -- argon2id, in the PHC string format
  created_at TEXT NOT NULL,
  last_sign_in_at TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX access_token_client ON access_token (client_id);

CREATE INDEX console_session_user ON console_session (user_id);
