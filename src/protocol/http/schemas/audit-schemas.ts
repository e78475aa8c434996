/** The audit, as the API describes it. */
import { Type } from 'typebox'
import { component, instantText, words } from '../component.ts'
import { PROBLEM } from './problem-schema.ts'

const Words = Type.Optional(Type.Array(Type.String({ maxLength: 1_000 }), { maxItems: 100 }))
const Pattern = Type.Optional(
  Type.String({ maxLength: 10_000, description: 'An SQL LIKE pattern.' }),
)
const Outcome = words('succeeded', 'failed', 'refused', 'cancelled')

export const AUDIT_FILTER = component(
  'AuditFilter',
  Type.Object(
    {
      from: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601, inclusive.' })),
      to: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601, exclusive.' })),
      usernames: Words,
      sessionIds: Words,
      queryIds: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 100 })),
      outcomes: Type.Optional(Type.Array(Outcome, { maxItems: 100 })),
      categories: Words,
      actions: Words,
      detailsLike: Pattern,
      errorLike: Pattern,
      initiatedBy: Words,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    },
    { additionalProperties: false, description: 'What is left out does not restrict.' },
  ),
)

/** For routes whose filter can only be part of the address. */
export const FilterQuery = Type.Object(
  {
    filter: Type.Optional(
      Type.String({ maxLength: 100_000, description: 'An AuditFilter, as JSON.' }),
    ),
  },
  { additionalProperties: false },
)

export const AUDIT_RECORD = component(
  'AuditRecord',
  Type.Object({
    sequence: Type.Integer(),
    time: instantText('When it was written.'),
    startedAt: instantText('When the act began.'),
    category: Type.String(),
    action: Type.String(),
    outcome: Outcome,
    username: Type.String({ description: 'A client, a user, local, or what a stranger claimed.' }),
    clientId: Type.Optional(Type.String()),
    tokenId: Type.Optional(Type.String()),
    roleName: Type.Optional(Type.String()),
    sessionId: Type.Optional(Type.String()),
    queryId: Type.Optional(Type.Integer()),
    address: Type.String(),
    clientVersion: Type.Optional(Type.String({ description: 'As the tool calls itself.' })),
    door: Type.String(),
    tlsVersion: Type.Optional(Type.String()),
    details: Type.Optional(Type.String()),
    error: Type.Optional(Type.String()),
    reason: Type.Optional(
      Type.String({ description: 'Of a refused login: the true reason, as a word.' }),
    ),
    objects: Type.Optional(Type.Array(Type.String())),
    missingGrants: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Of a refused statement: the statements that would have allowed it.',
      }),
    ),
    rows: Type.Optional(Type.Integer()),
    bytes: Type.Optional(Type.Integer()),
    durationMs: Type.Optional(Type.Number()),
    pool: Type.Optional(
      Type.String({ description: 'The resource pool that a statement ran or waited in.' }),
    ),
    queuedMs: Type.Optional(
      Type.Number({ description: 'How long it waited there; left out when it did not.' }),
    ),
    limit: Type.Optional(Type.String({ description: 'The limit that was exceeded.' })),
    initiatedBy: Type.String(),
  }),
)

export const AUDIT_LINE = component(
  'AuditLine',
  Type.Object(
    {
      record: Type.Optional(AUDIT_RECORD.ref),
      progress: Type.Optional(
        Type.Object({
          readBackTo: instantText('Records newer than this were looked at.'),
          records: Type.Integer({ description: 'Found so far.' }),
        }),
      ),
      end: Type.Optional(Type.Object({ records: Type.Integer() })),
      error: Type.Optional(PROBLEM.ref),
    },
    { description: 'One line of the answer: one of these members.' },
  ),
)

export const AUDIT_VERIFICATION = component(
  'AuditVerification',
  Type.Object({
    ok: Type.Boolean({ description: 'Whether the record is whole.' }),
    records: Type.Optional(Type.Integer()),
    segments: Type.Optional(Type.Integer()),
    head: Type.Optional(Type.String({ description: 'Hash of the last record.' })),
    segment: Type.Optional(Type.String({ description: 'Where it is not whole.' })),
    line: Type.Optional(Type.Integer()),
    problem: Type.Optional(Type.String()),
  }),
)
