/** Problem documents, as the API describes them. Source: RFC 9457. */
import { Type } from 'typebox'
import { ERROR_KINDS } from '../../../base/gateway-error.ts'
import { component, words } from '../component.ts'

export const PROBLEM = component(
  'Problem',
  Type.Object(
    {
      status: Type.Integer({ description: 'The HTTP status.' }),
      code: words(...ERROR_KINDS),
      title: Type.String({ description: 'What went wrong, for people. May be reworded.' }),
      detail: Type.Optional(Type.String({ description: 'Facts, for people.' })),
      hint: Type.Optional(Type.String({ description: 'What to do next, for people.' })),
      position: Type.Optional(
        Type.Integer({ description: 'Where in the SQL text, in characters from 1.' }),
      ),
      field: Type.Optional(
        Type.String({ description: 'The member of body, query or headers that is to blame.' }),
      ),
    },
    { description: 'An error. `code` is stable.' },
  ),
)
