-- Creations that may be asked for again under the same key (src/identity/creations.ts).
-- Digests and ids alone: neither the key nor what was made is in it.

CREATE TABLE creation (
  key TEXT PRIMARY KEY,
  request TEXT NOT NULL,
  object_id TEXT NOT NULL,
  token_id TEXT,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
