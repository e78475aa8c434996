-- USAGE on locations (src/identity/permission.ts): location is the name, database_id is empty.

ALTER TABLE role_grant ADD COLUMN location TEXT;
