-- Resource pools (src/identity/pools.ts). NULL: no limit. One row has is_default 1.

CREATE TABLE resource_pool (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  concurrency INTEGER,
  queue_wait_seconds INTEGER,
  run_seconds INTEGER,
  is_default INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
