/** What live streams tell, as the API describes it. */
import { Type } from 'typebox'
import { CHANGE_KINDS } from '../change-feed.ts'
import { component, instantText, words } from '../component.ts'

export const CHANGE = component(
  'Change',
  Type.Object({ kind: words(...CHANGE_KINDS) }, { description: 'A list is not what it was.' }),
)

export const CONNECTION_EVENT = component(
  'ConnectionEvent',
  Type.Object({
    kind: words('connected', 'refused'),
    at: instantText(),
    address: Type.String(),
    tool: Type.String({ description: 'As it calls itself.' }),
    door: Type.String(),
    tlsVersion: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: 'Why it was refused, for people.' })),
    fix: Type.Optional(Type.String({ description: 'What would let it in, for people.' })),
    attributed: Type.Optional(
      Type.Boolean({ description: 'False: the attempt did not say which client it is.' }),
    ),
  }),
)
