/** What stands after ON in GRANT and REVOKE. */
import { readQualifiedName } from './read-name.ts'
import type { GrantTarget, QualifiedName } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

/** @returns a text when it is a kind of object that has no grants here yet. */
export function readGrantTarget(cursor: TokenCursor): GrantTarget | string {
  if (cursor.accept('database')) {
    return { kind: 'database', names: cursor.list(() => cursor.identifier()) }
  }
  if (cursor.accept('schema')) return { kind: 'schema', names: readNames(cursor) }
  if (cursor.accept('view')) return readViewTarget(cursor)
  if (cursor.accept('column')) return readColumnTarget(cursor, 'COLUMN …')
  if (cursor.accept('function')) {
    return { kind: 'function', names: cursor.list(() => readFunctionName(cursor)) }
  }
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
  ['location'],
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

/** VIEW a, b IN SCHEMA s, or VIEW s.a, s.b */
function readViewTarget(cursor: TokenCursor): GrantTarget {
  const names = readNames(cursor)
  if (!cursor.accept('in')) return { kind: 'view', names }
  cursor.expect('schema')
  const schema = cursor.identifier()
  const inSchema = names.map((name): QualifiedName => {
    if (name.length > 1) throw cursor.syntaxError('Name the schema once: before the view, or IN.')
    return [schema, name[0]]
  })
  return { kind: 'view', names: inSchema }
}

/** COLUMN a, b IN TABLE t; BLUE has no VIEW here, and people write it. */
function readColumnTarget(cursor: TokenCursor, words: string): GrantTarget | string {
  const columns = words === ALL_COLUMNS ? 'ALL' : cursor.list(() => cursor.identifier())
  cursor.expect('in')
  if (cursor.sees('foreign')) return `${words} IN FOREIGN TABLE`
  if (!cursor.accept('view')) cursor.expect('table')
  return { kind: 'column', columns, tables: readNames(cursor) }
}

const ALL_COLUMNS = 'ALL COLUMNS'

/** ALL TABLES IN SCHEMA a, b; ALL VIEWS …; ALL COLUMNS IN TABLE t */
function readAllTarget(cursor: TokenCursor): GrantTarget | string {
  cursor.expect('all')
  if (cursor.accept('columns')) return readColumnTarget(cursor, ALL_COLUMNS)
  if (cursor.accept('functions')) {
    return cursor.sees('in') ? 'ALL FUNCTIONS IN SCHEMA' : { kind: 'all_functions' }
  }
  const kind = cursor.acceptOneOf(['tables', 'views'])
  if (!kind) {
    const what = cursor.next()
    if (what.kind !== 'word') throw cursor.syntaxError()
    return what.value === 'foreign' ? 'ALL FOREIGN TABLES' : `ALL ${what.value.toUpperCase()}`
  }
  cursor.expect('in', 'schema')
  return { kind: kind === 'tables' ? 'all_tables' : 'all_views', schemas: readNames(cursor) }
}

/** `f` or `f()`. There is one function of a name, so that no types need tell which is meant. */
function readFunctionName(cursor: TokenCursor): QualifiedName {
  const name = readQualifiedName(cursor)
  if (cursor.acceptSymbol('(') && !cursor.acceptSymbol(')')) {
    throw cursor.syntaxError('There is one function of a name: write it without types.')
  }
  return name
}

function readNames(cursor: TokenCursor) {
  return cursor.list(() => readQualifiedName(cursor))
}
