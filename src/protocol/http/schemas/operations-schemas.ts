/** Backups, keys, health and warnings, as the API describes them. */
import { Type } from 'typebox'
import { component, instantText, words } from '../component.ts'
import { PROBLEM } from './problem-schema.ts'

export const NEW_BACKUP = component(
  'NewBackup',
  Type.Object(
    {
      file: Type.String({
        minLength: 1,
        maxLength: 4_096,
        description: 'An absolute path on the machine of the gateway, that is free.',
      }),
    },
    { additionalProperties: false },
  ),
)

export const BACKUP_LINE = component(
  'BackupLine',
  Type.Object(
    {
      progress: Type.Optional(
        Type.Object(
          { phase: words('copying', 'writing'), done: Type.Number(), total: Type.Number() },
          { description: 'copying counts tables, writing bytes.' },
        ),
      ),
      end: Type.Optional(
        Type.Object({
          file: Type.String(),
          bytes: Type.Integer(),
          takenAt: instantText('The instant whose state it holds.'),
          tables: Type.Integer(),
          lastRecord: Type.Integer({ description: 'The last record of the audit in it.' }),
        }),
      ),
      error: Type.Optional(PROBLEM.ref),
    },
    { description: 'One line of the answer: one of these members.' },
  ),
)

export const KEY_ROTATION = component(
  'KeyRotation',
  Type.Object({
    current: Type.Integer({ description: 'The number of the new root key.' }),
    rewrapped: Type.Integer({ description: 'Tokens that were sealed anew.' }),
    keys: Type.Array(
      Type.Object({
        id: Type.Integer(),
        current: Type.Boolean(),
        audit: Type.Boolean({ description: 'The audit needs it.' }),
        tokens: Type.Integer({ description: 'Tokens that need it.' }),
        sealed: Type.Integer({ description: 'Tokens that can be shown with it.' }),
      }),
    ),
  }),
)

export const HEALTH = component('Health', Type.Object({ status: words('alive') }))

export const READINESS = component(
  'Readiness',
  Type.Object({
    status: words('ready', 'not ready'),
    reasons: Type.Array(
      Type.String({ description: 'starting, stopping, engine, metadata, audit or disk.' }),
    ),
  }),
)

export const WARNING = component(
  'Warning',
  Type.Object({
    kind: words(
      'token_expiring',
      'token_expired',
      'certificate_expiring',
      'disk_low',
      'audit_unproven',
      'no_user',
      'no_backup',
    ),
    severity: words('info', 'warning', 'critical'),
    text: Type.String({ description: 'What is so, for people.' }),
    fix: Type.String({ description: 'What to do, for people.' }),
    since: instantText('As far as is known.'),
    client: Type.Optional(Type.String()),
  }),
)

export const WARNING_LIST = component(
  'WarningList',
  Type.Object({ items: Type.Array(WARNING.ref, { description: 'The worst first.' }) }),
)
