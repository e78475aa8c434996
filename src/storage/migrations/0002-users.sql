-- Users, one-time links, console sessions, and what clients were used with.
-- Times are ISO 8601 text, UTC. References are checked at COMMIT, so that changes come in any order.

-- name_key is the name folded to lower case: two users never differ in case alone.
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

-- The secret of a link is nowhere; user_id is NULL for the one that sets up the first user.
CREATE TABLE one_time_link (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  user_id TEXT REFERENCES user_account (id) DEFERRABLE INITIALLY DEFERRED,
  digest BLOB NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT
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

CREATE INDEX console_session_user ON console_session (user_id);

-- Uses of a client's tokens, summed up: one row for each tool and address.
CREATE TABLE client_use (
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  tool TEXT NOT NULL,
  address TEXT NOT NULL,
  first_used_at TEXT NOT NULL,
  last_used_at TEXT NOT NULL,
  uses INTEGER NOT NULL,
  PRIMARY KEY (client_id, tool, address)
) STRICT, WITHOUT ROWID;
