-- What is granted on an object when it is made, and where names of a role are looked up first
-- (src/identity/defaults.ts). References are checked at COMMIT.

-- rule_key names the rule once. creator_id NULL: whoever creates. grantee_id NULL: the creator.
-- schema_id NULL: wherever the object is made.
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
