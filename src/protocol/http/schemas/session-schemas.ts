/** Sessions and the statements that run in them, as the API describes them. */
import { Type } from 'typebox'
import { component, instantText, words } from '../component.ts'
import { pageOf } from '../page.ts'

export const LIVE_STATEMENT = component(
  'LiveStatement',
  Type.Object({
    queryId: Type.Integer({ description: 'Counts 1, 2, 3 … inside the session, as in the audit.' }),
    text: Type.String({ description: 'A very long one is cut, and ends with ….' }),
    startedAt: instantText(),
    rows: Type.Integer({ description: 'Given out so far.' }),
    status: words('COMPILING', 'QUEUED', 'EXECUTING', 'FETCHING_RESULTS'),
    pool: Type.Optional(Type.String({ description: 'Where it runs or waits.' })),
  }),
)

export const SESSION = component(
  'Session',
  Type.Object({
    id: Type.String(),
    principalKind: words('client', 'user', 'local'),
    name: Type.String({ description: 'Of the client or the user; local.' }),
    role: Type.String(),
    door: Type.String(),
    address: Type.String(),
    tool: Type.String({ description: 'As it calls itself.' }),
    tlsVersion: Type.Optional(Type.String()),
    database: Type.String(),
    startedAt: instantText(),
    busy: Type.Boolean({ description: 'A statement runs, or a transaction is open.' }),
    transactionStatus: words('idle', 'in_transaction', 'failed_transaction'),
    statements: Type.Array(LIVE_STATEMENT.ref),
  }),
)

export const SESSION_PAGE = component('SessionPage', pageOf(SESSION.ref))
