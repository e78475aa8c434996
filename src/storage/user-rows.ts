/** Rows of the metadata tables about people to rows of identity, and back. */
import { present } from '../base/assert.ts'
import type { ConsoleSessionRow } from '../identity/console-session-store.ts'
import type { LinkRow, UserRow } from '../identity/identity-store.ts'
import { userNameKey } from '../identity/user-name.ts'
import type { LinkPurpose } from '../identity/users.ts'
import type { ConsoleSessionTable, OneTimeLinkTable, UserAccountTable } from './metadata-tables.ts'

const PURPOSES: readonly LinkPurpose[] = ['setup', 'invitation', 'reset']

export function userFromTable(row: UserAccountTable): UserRow {
  return {
    id: row.id,
    name: row.name,
    roleId: row.role_id,
    enabled: row.enabled !== 0,
    passwordHash: row.password_hash ?? undefined,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at ?? undefined,
  }
}

export function userToTable(user: UserRow): UserAccountTable {
  return {
    id: user.id,
    name: user.name,
    name_key: userNameKey(user.name),
    role_id: user.roleId,
    enabled: Number(user.enabled),
    password_hash: user.passwordHash ?? null,
    created_at: user.createdAt,
    last_sign_in_at: user.lastSignInAt ?? null,
  }
}

export function linkFromTable(row: OneTimeLinkTable): LinkRow {
  return {
    id: row.id,
    purpose: present(
      PURPOSES.find((purpose) => purpose === row.purpose),
      'a stored link has a purpose that we know',
    ),
    userId: row.user_id ?? undefined,
    digest: row.digest,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
  }
}

export function linkToTable(link: LinkRow): OneTimeLinkTable {
  return {
    id: link.id,
    purpose: link.purpose,
    user_id: link.userId ?? null,
    digest: link.digest,
    created_at: link.createdAt,
    expires_at: link.expiresAt ?? null,
  }
}

export function consoleSessionFromTable(row: ConsoleSessionTable): ConsoleSessionRow {
  return {
    id: row.id,
    userId: row.user_id,
    digest: row.digest,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    provenAt: row.proven_at,
    address: row.address,
    tool: row.tool,
  }
}

export function consoleSessionToTable(row: ConsoleSessionRow): ConsoleSessionTable {
  return {
    id: row.id,
    user_id: row.userId,
    digest: row.digest,
    created_at: row.createdAt,
    last_seen_at: row.lastSeenAt,
    proven_at: row.provenAt,
    address: row.address,
    tool: row.tool,
  }
}
