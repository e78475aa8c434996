/** A user as the API shows it, with the etag of what lasts. */
import type { Static } from 'typebox'
import type { UserInfo } from '../../identity/users.ts'
import { etagOf } from './etag.ts'
import type { USER } from './schemas/user-schemas.ts'

export type UserView = Static<typeof USER.schema>

export function userView(user: UserInfo): UserView {
  const { id, name, role, roleId, enabled, hasPassword, createdAt, lastSignInAt } = user
  const etag = etagOf([id, name, roleId, enabled, hasPassword])
  const lastSignIn = lastSignInAt === undefined ? {} : { lastSignInAt }
  return { id, name, role, enabled, hasPassword, createdAt, ...lastSignIn, etag }
}
