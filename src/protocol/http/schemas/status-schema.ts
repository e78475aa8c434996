/** How the gateway stands, as the API describes it. */
import { Type } from 'typebox'
import { component, instantText } from '../component.ts'

export const STATUS = component(
  'Status',
  Type.Object({
    version: Type.String(),
    startedAt: instantText(),
    processId: Type.Integer(),
    doors: Type.Record(Type.String(), Type.Object({ host: Type.String(), port: Type.Integer() }), {
      description: 'Open doors by name, such as pg.',
    }),
    caFile: Type.Optional(
      Type.String({
        description: 'On the machine of the gateway; left out with other certificates.',
      }),
    ),
    sessions: Type.Integer(),
    engineGeneration: Type.Integer({ description: 'How often the engine was started.' }),
    engineLayers: Type.Array(
      Type.Object({ name: Type.String(), active: Type.Boolean(), about: Type.String() }),
      { description: 'Layers of protection around the engine, and why one is missing.' },
    ),
  }),
)
