/** Roles, and the tree of objects that permissions are about, as the API describes them. */
import { Type } from 'typebox'
import { PERMISSIONS } from '../../../base/permission-name.ts'
import { component, words } from '../component.ts'
import { pageOf } from '../page.ts'

const Membership = Type.Object({ role: Type.String(), adminOption: Type.Boolean() })

const ROLE_MEMBERS = {
  id: Type.String(),
  number: Type.Integer({ description: 'public is 0, sqream 1.' }),
  name: Type.String(),
  builtIn: Type.Boolean(),
  login: Type.Boolean(),
  superuser: Type.Boolean(),
  clusterAdmin: Type.Boolean(),
  memberOf: Type.Array(Membership),
  etag: Type.String({ description: 'For If-Match.' }),
}

export const ROLE = component('Role', Type.Object(ROLE_MEMBERS))

export const ROLE_PAGE = component('RolePage', pageOf(ROLE.ref))

export const ROLE_GRANT = component(
  'RoleGrant',
  Type.Object({
    permission: words(...PERMISSIONS),
    objectKind: words(
      'database',
      'schema',
      'table',
      'view',
      'foreign table',
      'sequence',
      'column',
      'function',
      'location',
    ),
    database: Type.Optional(Type.String({ description: 'Of all but a location.' })),
    schema: Type.Optional(Type.String()),
    table: Type.Optional(
      Type.String({
        description: 'The table, view, foreign table or sequence; also the table of a column.',
      }),
    ),
    column: Type.Optional(Type.String()),
    function: Type.Optional(Type.String({ description: 'It is in no schema.' })),
    location: Type.Optional(Type.String()),
  }),
)

const Names = Type.Object({
  names: Type.Array(Type.String(), { description: 'The first 100.' }),
  total: Type.Integer(),
})

export const ROLE_DETAIL = component(
  'RoleDetail',
  Type.Object({
    ...ROLE_MEMBERS,
    members: Type.Array(Membership, { description: 'Roles that hold what this one holds.' }),
    grants: Type.Array(ROLE_GRANT.ref, { description: 'What was granted to this role itself.' }),
    clients: Names,
    users: Names,
  }),
)

const ATTRIBUTES = {
  login: Type.Optional(Type.Boolean()),
  superuser: Type.Optional(Type.Boolean()),
  clusterAdmin: Type.Optional(Type.Boolean()),
}

export const NEW_ROLE = component(
  'NewRole',
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 255 }),
      ...ATTRIBUTES,
      connect: Type.Optional(
        Type.Array(Type.String({ maxLength: 255 }), {
          maxItems: 100,
          description: 'Databases that the role may connect to.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
)

export const ROLE_CHANGE = component(
  'RoleChange',
  Type.Object(
    { name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })), ...ATTRIBUTES },
    { additionalProperties: false, description: 'What is left out stays as it is.' },
  ),
)

export const OBJECT_TREE = component(
  'ObjectTree',
  Type.Object({
    locations: Type.Array(Type.String(), {
      description: 'Directories of the configuration that foreign tables may show files of.',
    }),
    databases: Type.Array(
      Type.Object({
        name: Type.String(),
        functions: Type.Array(
          Type.Object({
            name: Type.String(),
            type: Type.String({ description: 'Such as (x INTEGER) DOUBLE.' }),
          }),
        ),
        schemas: Type.Array(
          Type.Object({
            name: Type.String(),
            tables: Type.Array(
              Type.Object({
                name: Type.String(),
                kind: words('table', 'view', 'foreign table'),
                columns: Type.Array(
                  Type.Object({
                    name: Type.String(),
                    type: Type.String({ description: 'Such as DECIMAL(10,2).' }),
                  }),
                ),
              }),
            ),
            sequences: Type.Array(Type.String()),
          }),
        ),
      }),
    ),
  }),
)
