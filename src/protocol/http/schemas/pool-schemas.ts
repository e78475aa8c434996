/** Resource pools, as the API describes them. */
import { Type } from 'typebox'
import { component, instantText, nullable } from '../component.ts'
import { pageOf } from '../page.ts'

const WHAT = {
  concurrency: 'Sessions whose statements run at once.',
  queueWaitSeconds: 'How long a statement may wait for its turn; 0: it may not.',
  runSeconds: 'How long a statement may run, from its turn to its last row.',
} as const

const limit = (name: keyof typeof WHAT) =>
  Type.Optional(Type.Integer({ description: `${WHAT[name]} Left out: no limit.` }))

const limitChange = (name: keyof typeof WHAT) =>
  Type.Optional(nullable<number>('integer', `${WHAT[name]} null: no limit.`))

export const POOL = component(
  'Pool',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    isDefault: Type.Boolean({ description: 'For sessions that choose none.' }),
    createdAt: instantText(),
    concurrency: limit('concurrency'),
    queueWaitSeconds: limit('queueWaitSeconds'),
    runSeconds: limit('runSeconds'),
    running: Type.Integer({ description: 'Places that are taken now.' }),
    waiting: Type.Integer({ description: 'Statements that wait for their turn now.' }),
    etag: Type.String({ description: 'For If-Match.' }),
  }),
)

export const POOL_PAGE = component('PoolPage', pageOf(POOL.ref))

export const NEW_POOL = component(
  'NewPool',
  Type.Object(
    {
      name: Type.String({
        maxLength: 255,
        description: '1 to 63 of a-z 0-9 _, starting with a letter.',
      }),
      concurrency: limit('concurrency'),
      queueWaitSeconds: limit('queueWaitSeconds'),
      runSeconds: limit('runSeconds'),
    },
    { additionalProperties: false },
  ),
)

export const POOL_CHANGE = component(
  'PoolChange',
  Type.Object(
    {
      concurrency: limitChange('concurrency'),
      queueWaitSeconds: limitChange('queueWaitSeconds'),
      runSeconds: limitChange('runSeconds'),
      isDefault: Type.Optional(
        Type.Literal(true, { description: 'The one before is so no longer.' }),
      ),
    },
    { additionalProperties: false, description: 'What is left out stays as it is.' },
  ),
)
