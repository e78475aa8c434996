/** All named schemas of the API: what routes refer to, and what a generated client has types of. */
import type {} from '@fastify/swagger' // operationId, tags and summary of routes
import type { TSchema } from 'typebox'
import type { Component } from './component.ts'
import * as users from './schemas/user-schemas.ts'

/** What these files export is components alone. */
export const API_COMPONENTS: readonly Pick<Component<TSchema>, 'schema'>[] = [users].flatMap(
  (group) => Object.values(group),
)
