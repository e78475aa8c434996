/** The `:name` of a route. */
import { Type } from 'typebox'
import type { Static } from 'typebox'

export const NameInPath = Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) })

export interface Named {
  Params: Static<typeof NameInPath>
}
