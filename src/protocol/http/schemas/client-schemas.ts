/** Clients and their tokens, as the API describes them. */
import { Type } from 'typebox'
import { component, instantText, nullable } from '../component.ts'
import { pageOf } from '../page.ts'

export const TOKEN_INFO = component(
  'TokenInfo',
  Type.Object({
    id: Type.String({ description: 'The public part of the token.' }),
    createdAt: instantText(),
    expiresAt: Type.Optional(instantText('Its expiry, or the end of its grace.')),
    lastUse: Type.Optional(
      Type.Object({
        at: instantText(),
        address: Type.String(),
        tool: Type.String({ description: 'As it calls itself.' }),
      }),
    ),
  }),
)

export const CLIENT = component(
  'Client',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    label: Type.Optional(Type.String()),
    role: Type.String(),
    roleId: Type.String(),
    enabled: Type.Boolean(),
    jobs: Type.Boolean({ description: 'Whether Jobs run as this client.' }),
    createdAt: instantText(),
    allowedAddresses: Type.Array(Type.String(), { description: 'Empty: from anywhere.' }),
    token: TOKEN_INFO.ref,
    previousToken: Type.Optional(TOKEN_INFO.ref),
    openSessions: Type.Integer(),
    etag: Type.String({ description: 'For If-Match.' }),
  }),
)

export const CLIENT_PAGE = component('ClientPage', pageOf(CLIENT.ref))

export const CLIENT_WITH_TOKEN = component(
  'ClientWithToken',
  Type.Object({
    client: CLIENT.ref,
    token: Type.String({ description: 'The access token: shown here, and on request.' }),
  }),
)

const label = Type.String({ maxLength: 255 })
const allowedAddresses = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 1_000,
  description: 'Addresses and CIDR blocks; empty: from anywhere.',
})

export const NEW_CLIENT = component(
  'NewClient',
  Type.Object(
    {
      name: Type.String({
        maxLength: 255,
        description: '1 to 63 of a-z 0-9 _ -, starting with a letter.',
      }),
      role: Type.String({ maxLength: 255 }),
      label: Type.Optional(label),
      expiresAt: Type.Optional(
        Type.String({
          maxLength: 40,
          description: 'ISO 8601. Left out: as the installation says.',
        }),
      ),
      allowedAddresses: Type.Optional(allowedAddresses),
    },
    { additionalProperties: false },
  ),
)

export const CLIENT_CHANGE = component(
  'ClientChange',
  Type.Object(
    {
      label: Type.Optional(nullable<string>('string', 'null, or empty: none.')),
      role: Type.Optional(
        Type.String({ maxLength: 255, description: 'Another role ends the open sessions.' }),
      ),
      allowedAddresses: Type.Optional(allowedAddresses),
      expiresAt: Type.Optional(nullable<string>('string', 'ISO 8601; null: never.')),
    },
    { additionalProperties: false, description: 'What is left out stays as it is.' },
  ),
)

export const CLIENT_IMPACT = component(
  'ClientImpact',
  Type.Object({
    openSessions: Type.Array(
      Type.Object({
        id: Type.String(),
        tool: Type.String(),
        address: Type.String(),
        startedAt: instantText(),
        door: Type.String(),
      }),
    ),
    recentUses: Type.Array(
      Type.Object({
        tool: Type.String(),
        address: Type.String(),
        firstUsedAt: instantText(),
        lastUsedAt: instantText(),
        uses: Type.Integer(),
      }),
      { description: 'Of the last 30 days.' },
    ),
    jobs: Type.Boolean({ description: 'Whether Jobs run as this client.' }),
    schedules: Type.Array(Type.String(), { description: 'Schedules that use it.' }),
  }),
)
