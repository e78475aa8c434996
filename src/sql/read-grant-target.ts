/** What stands after ON in GRANT and REVOKE. */
import { readQualifiedName } from './read-name.ts'
import type { GrantTarget } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

/** @returns a text when it is a kind of object that has no grants here yet. */
export function readGrantTarget(cursor: TokenCursor): GrantTarget | string {
  if (cursor.accept('database')) {
    return { kind: 'database', names: cursor.list(() => cursor.identifier()) }
  }
  if (cursor.accept('schema')) return { kind: 'schema', names: readNames(cursor) }
  if (cursor.accept('column')) return readColumnTarget(cursor)
  if (cursor.sees('all')) return readAllTarget(cursor)
  const unoffered = NOT_OFFERED.find((words) => cursor.sees(...words))
  if (unoffered) return unoffered.join(' ').toUpperCase()
  cursor.accept('table')
  return { kind: 'table', names: readNames(cursor) }
}

const NOT_OFFERED: readonly (readonly string[])[] = [
  ['foreign', 'table'],
  ['foreign', 'data', 'wrapper'],
  ['foreign', 'server'],
  ['large', 'object'],
  ['view'],
  ['function'],
  ['procedure'],
  ['routine'],
  ['catalog'],
  ['sequence'],
  ['language'],
  ['tablespace'],
  ['type'],
  ['domain'],
  ['parameter'],
]

/** COLUMN a, b IN TABLE t */
function readColumnTarget(cursor: TokenCursor): GrantTarget | string {
  const columns = cursor.list(() => cursor.identifier())
  cursor.expect('in')
  if (cursor.sees('foreign')) return 'COLUMN … IN FOREIGN TABLE'
  cursor.expect('table')
  const table = readQualifiedName(cursor)
  if (cursor.seesSymbol(','))
    throw cursor.syntaxError('Columns are granted on one table at a time.')
  return { kind: 'column', columns, table }
}

/** ALL TABLES IN SCHEMA a, b */
function readAllTarget(cursor: TokenCursor): GrantTarget | string {
  cursor.expect('all')
  if (!cursor.accept('tables')) {
    const what = cursor.next()
    if (what.kind !== 'word') throw cursor.syntaxError()
    return `ALL ${what.value.toUpperCase()}`
  }
  cursor.expect('in')
  cursor.expect('schema')
  return { kind: 'all_tables', schemas: readNames(cursor) }
}

function readNames(cursor: TokenCursor) {
  return cursor.list(() => readQualifiedName(cursor))
}
