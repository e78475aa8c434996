/**
 * ALTER DEFAULT PERMISSIONS and ALTER DEFAULT SCHEMA.
 *
 *   ALTER DEFAULT PERMISSIONS FOR role | ALL ROLES [IN schema, …] FOR SCHEMAS | TABLES |
 *     FOREIGN TABLES | VIEWS | SEQUENCES | FUNCTIONS
 *     [DROP] GRANT permission, … TO [ROLE] role, … | PUBLIC | CREATOR_ROLE
 *   ALTER DEFAULT SCHEMA FOR role TO schema
 *
 * Source: BLUE SQL, ALTER DEFAULT PERMISSIONS, ALTER DEFAULT SCHEMA.
 */
import type { Permission } from '../base/permission-name.ts'
import { readQualifiedName } from './read-name.ts'
import { readPermission } from './read-permission.ts'
import type { QualifiedName, StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { isSymbol, isWord } from './token.ts'
import { unsupported } from './unsupported.ts'

/** @throws GatewayError `syntax_error`. */
export function readDefaultStatement(cursor: TokenCursor): StatementBody {
  cursor.expect('alter', 'default')
  if (cursor.accept('schema')) return readDefaultSchema(cursor)
  if (cursor.sees('privileges')) return unsupported('ALTER DEFAULT PRIVILEGES')
  cursor.expect('permissions', 'for')
  return readDefaultPermissions(cursor)
}

function readDefaultSchema(cursor: TokenCursor): StatementBody {
  cursor.expect('for')
  const role = cursor.identifier()
  cursor.expect('to')
  const schema = readQualifiedName(cursor)
  cursor.expectEnd()
  return { kind: 'alter_default_schema', role, schema }
}

function readDefaultPermissions(cursor: TokenCursor): StatementBody {
  const creator = cursor.accept('all', 'roles') ? undefined : cursor.identifier()
  const schemas = cursor.accept('in') ? readSchemas(cursor) : []
  cursor.expect('for')
  const unoffered = NOT_OFFERED.find((words) => cursor.sees(...words))
  if (unoffered) {
    return unsupported(`ALTER DEFAULT PERMISSIONS … FOR ${unoffered.join(' ').toUpperCase()}`)
  }
  const kind = cursor.accept('foreign', 'tables') ? 'foreign tables' : cursor.acceptOneOf(KINDS)
  if (!kind) throw cursor.syntaxError(DEFAULTS_ON)
  const verb = cursor.accept('drop') ? 'drop' : 'grant'
  cursor.expect('grant')
  const permissions = readPermissions(cursor)
  if (typeof permissions === 'string' && permissions !== 'ALL') {
    return unsupported(`ALTER DEFAULT PERMISSIONS … GRANT ${permissions}`)
  }
  cursor.expect('to')
  cursor.accept('role')
  const grantees = cursor.list(() => readGrantee(cursor))
  cursor.expectEnd()
  const objectKind = KIND_OF[kind]
  return {
    kind: 'alter_default_permissions',
    verb,
    creator,
    schemas,
    objectKind,
    permissions,
    grantees,
  }
}

const DEFAULTS_ON =
  'There are default permissions on SCHEMAS, TABLES, FOREIGN TABLES, VIEWS, SEQUENCES and FUNCTIONS.'

const KIND_OF = {
  schemas: 'schema',
  tables: 'table',
  views: 'view',
  sequences: 'sequence',
  functions: 'function',
  'foreign tables': 'foreign table',
} as const
const KINDS = ['schemas', 'tables', 'views', 'sequences', 'functions'] as const

/** Of BLUE and PostgreSQL, for kinds of object that do not exist here. */
const NOT_OFFERED: readonly (readonly string[])[] = [['columns'], ['catalogs'], ['types']]

/** After IN; PostgreSQL has the word SCHEMA there, and a schema may bear that name. */
function readSchemas(cursor: TokenCursor): QualifiedName[] {
  const after = cursor.peek(1)
  if (!isWord(after, 'for') && !isSymbol(after, ',') && !isSymbol(after, '.')) {
    cursor.accept('schema')
  }
  return cursor.list(() => readQualifiedName(cursor))
}

/** @returns a text other than ALL when it names something that is not offered. */
function readPermissions(cursor: TokenCursor): readonly Permission[] | string {
  if (cursor.accept('all')) {
    cursor.acceptOneOf(['permissions', 'privileges'])
    return 'ALL'
  }
  const asked = cursor.list(() => readPermission(cursor))
  const foreign = asked.find(({ offered }) => !offered)
  if (foreign) return foreign.name
  return asked.flatMap((permission) => (permission.offered ? [permission.name] : []))
}

function readGrantee(cursor: TokenCursor): string | undefined {
  return cursor.accept('creator_role') ? undefined : cursor.identifier()
}
