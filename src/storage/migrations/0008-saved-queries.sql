-- Saved queries (src/identity/saved-queries.ts).

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
