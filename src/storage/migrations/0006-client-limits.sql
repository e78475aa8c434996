-- What a client may use up (src/identity/client-limits.ts): a JSON object, {} for no limits.

ALTER TABLE client ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
