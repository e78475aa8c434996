/** Clients and their tokens, as the API describes them. */
import { Type } from 'typebox'
import type { TOptional, TSchema } from 'typebox'
import { COUNT_LIMIT_NAMES } from '../../../identity/client-limits.ts'
import type { CountLimit } from '../../../identity/client-limits.ts'
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

const WHAT: Readonly<Record<CountLimit, string>> = {
  sessions: 'Open sessions.',
  statements: 'Sessions that have a statement in the engine, or in line for it.',
  rowsPerStatement: 'Rows of one result.',
  bytesPerStatement: 'Bytes of one result, as encoded.',
  secondsPerStatement: 'How long a statement may run, from its turn to its last row.',
  statementsPerHour: 'Statements in any sixty minutes.',
  rowsPerHour: 'Rows of all results in any sixty minutes.',
  bytesPerHour: 'Bytes of all results in any sixty minutes.',
  secondsPerHour: 'How long statements may run in any sixty minutes, all together.',
}

const HOURS = 'When it may do something: mon-fri 08:00-18:00 Europe/Berlin.'

export const CLIENT_LIMITS = component(
  'ClientLimits',
  Type.Object(
    {
      ...countLimits((what) => Type.Integer({ description: what })),
      hours: Type.Optional(Type.String({ description: HOURS })),
    },
    { description: 'What is left out has no limit.' },
  ),
)

export const CLIENT_LIMITS_CHANGE = component(
  'ClientLimitsChange',
  Type.Object(
    {
      ...countLimits((what) => nullable<number>('integer', `${what} null: no limit.`)),
      hours: Type.Optional(nullable<string>('string', `${HOURS} null: always.`)),
    },
    { additionalProperties: false, description: 'What is left out stays as it is.' },
  ),
)

function countLimits<Schema extends TSchema>(make: (what: string) => Schema) {
  const schemas = COUNT_LIMIT_NAMES.map((name) => [name, Type.Optional(make(WHAT[name]))])
  return Object.fromEntries(schemas) as Record<CountLimit, TOptional<Schema>>
}

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
    limits: CLIENT_LIMITS.ref,
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
      limits: Type.Optional(CLIENT_LIMITS_CHANGE.ref),
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
      limits: Type.Optional(CLIENT_LIMITS_CHANGE.ref),
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
