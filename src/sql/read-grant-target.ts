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
  if (cursor.accept('foreign', 'table')) return { kind: 'foreign table', names: readNames(cursor) }
  if (cursor.accept('sequence')) return { kind: 'sequence', names: readNames(cursor) }
  if (cursor.accept('location')) {
    return { kind: 'location', names: cursor.list(() => cursor.identifier()) }
  }
  if (cursor.accept('column')) return readColumnTarget(cursor, false)
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
  ['foreign', 'data', 'wrapper'],
  ['foreign', 'server'],
  ['large', 'object'],
  ['procedure'],
  ['routine'],
  ['catalog'],
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

/** COLUMN a, b IN [FOREIGN] TABLE t; BLUE has no VIEW here, and people write it. */
function readColumnTarget(cursor: TokenCursor, all: boolean): GrantTarget {
  const columns = all ? 'ALL' : cursor.list(() => cursor.identifier())
  cursor.expect('in')
  if (!cursor.accept('view')) {
    cursor.accept('foreign')
    cursor.expect('table')
  }
  return { kind: 'column', columns, tables: readNames(cursor) }
}

/** ALL [FOREIGN] TABLES IN SCHEMA a, b; ALL VIEWS …; ALL SEQUENCES …; ALL COLUMNS IN TABLE t */
function readAllTarget(cursor: TokenCursor): GrantTarget | string {
  cursor.expect('all')
  if (cursor.accept('columns')) return readColumnTarget(cursor, true)
  if (cursor.accept('functions')) {
    return cursor.sees('in') ? 'ALL FUNCTIONS IN SCHEMA' : { kind: 'all_functions' }
  }
  const foreign = cursor.accept('foreign')
  const kind = cursor.acceptOneOf(foreign ? ['tables', 'table'] : ['tables', 'views', 'sequences'])
  if (!kind) {
    const what = cursor.next()
    if (what.kind !== 'word' || foreign) throw cursor.syntaxError()
    return `ALL ${what.value.toUpperCase()}`
  }
  cursor.expect('in', 'schema')
  const schemas = readNames(cursor)
  if (foreign) return { kind: 'all', of: 'foreign table', schemas }
  return { kind: 'all', of: KIND_OF_ALL[kind], schemas }
}

const KIND_OF_ALL = {
  table: 'table',
  tables: 'table',
  views: 'view',
  sequences: 'sequence',
} as const

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
