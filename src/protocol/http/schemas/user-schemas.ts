/** Users, one-time links, and who is signed in, as the API shows and takes them. */
import { Type } from 'typebox'
import { component, instantText, words } from '../component.ts'
import { pageOf } from '../page.ts'

const name = Type.String({ minLength: 1, maxLength: 255 })
const password = Type.String({ maxLength: 4_096, description: '12 to 1024 characters.' })
const secret = Type.String({ maxLength: 255, description: 'What the link holds after its "#".' })
const purpose = words('setup', 'invitation', 'reset')

export const ME = component(
  'Me',
  Type.Object({
    kind: words('user', 'client', 'local'),
    name: Type.String(),
    role: Type.String(),
    superuser: Type.Boolean({ description: 'May do everything in SQL.' }),
    clusterAdmin: Type.Boolean({ description: 'May use the Settings pages.' }),
    provenUntil: Type.Optional(
      instantText('The proof of the password is fresh until then. Only while it is.'),
    ),
    expiresAt: Type.Optional(instantText('End of the console session when nothing is done.')),
  }),
)

export const SIGN_IN = component(
  'SignIn',
  Type.Object({ user: name, password }, { additionalProperties: false }),
)

export const PASSWORD_PROOF = component(
  'PasswordProof',
  Type.Object({ password }, { additionalProperties: false }),
)

export const PASSWORD_CHANGE = component(
  'PasswordChange',
  Type.Object({ password, newPassword: password }, { additionalProperties: false }),
)

export const LINK_SECRET = component(
  'OneTimeLinkSecret',
  Type.Object({ secret }, { additionalProperties: false }),
)

export const LINK_USE = component(
  'OneTimeLinkUse',
  Type.Object(
    {
      secret,
      userName: Type.Optional(
        Type.String({ maxLength: 255, description: 'Of the first user; for setup alone.' }),
      ),
      password,
    },
    { additionalProperties: false },
  ),
)

export const LINK_LOOK = component(
  'OneTimeLink',
  Type.Object({
    purpose,
    userName: Type.Optional(Type.String()),
    expiresAt: Type.Optional(instantText()),
  }),
)

export const NEW_LINK = component(
  'NewOneTimeLink',
  Type.Object({
    url: Type.String({ description: 'For whom it is for alone: it sets the password, once.' }),
    purpose,
    expiresAt: Type.Optional(instantText()),
  }),
)

export const USER = component(
  'User',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    role: Type.String(),
    enabled: Type.Boolean(),
    hasPassword: Type.Boolean({ description: 'false until an invitation was used.' }),
    createdAt: instantText(),
    lastSignInAt: Type.Optional(instantText()),
    etag: Type.String(),
  }),
)

export const USER_PAGE = component('UserPage', pageOf(USER.ref))

export const NEW_USER = component(
  'NewUser',
  Type.Object(
    {
      name: Type.String({ maxLength: 1_000, description: '1 to 255 printable characters.' }),
      role: Type.String({ maxLength: 255 }),
    },
    { additionalProperties: false },
  ),
)

export const USER_CHANGE = component(
  'UserChange',
  Type.Object({ role: Type.String({ maxLength: 255 }) }, { additionalProperties: false }),
)

export const USER_WITH_LINK = component(
  'UserWithLink',
  Type.Object({ user: USER.ref, link: NEW_LINK.ref }),
)
