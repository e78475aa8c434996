/**
 * Reads the actions of ALTER TABLE.
 *
 *   ADD [COLUMN] [IF NOT EXISTS] name type [DEFAULT value] [[NOT] NULL]
 *   DROP [COLUMN] [IF EXISTS] name [RESTRICT]
 *   ALTER [COLUMN] name { [SET DATA] TYPE type [USING value] | SET DEFAULT value | DROP DEFAULT
 *                       | SET NOT NULL | DROP NOT NULL }
 *   ADD PRIMARY KEY (names)
 *   RENAME [COLUMN] name TO name
 *
 * Several of them with commas between, RENAME alone, as in PostgreSQL; and as in BLUE behind
 * ADD [COLUMN] further columns without these words.
 */
import type { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import type { AddColumn, AlterAction, ChangeColumn, DropColumn } from './alter-action.ts'
import { readColumnDefinition } from './column-definitions.ts'
import type { Fragment } from './column-definitions.ts'
import { notSupported } from './refusals.ts'

/** PostgreSQL's bound on the columns of a table; more actions than that mean nothing. */
const ACTIONS_MAX = 1_600

/** Reads to the end of the statement. */
export function readAlterActions(cursor: TokenCursor): AlterAction[] {
  if (cursor.accept('rename')) {
    cursor.accept('column')
    const name = cursor.identifier()
    cursor.expect('to')
    const to = cursor.identifier()
    cursor.expectEnd()
    return [{ kind: 'rename', name, to }]
  }
  const actions: AlterAction[] = []
  do {
    const goesOn = actions.at(-1)?.kind === 'add' && !ACTION_WORDS.some((word) => cursor.sees(word))
    actions.push(goesOn ? readNewColumn(cursor) : readAction(cursor))
    if (actions.length > ACTIONS_MAX) throw cursor.syntaxError()
  } while (cursor.acceptSymbol(','))
  cursor.expectEnd()
  return actions
}

/** A column may bear such a name only in quotes where it is added without ADD. */
const ACTION_WORDS = ['add', 'drop', 'alter', 'rename', 'set']

function readAction(cursor: TokenCursor): AlterAction {
  if (cursor.accept('drop')) return readDrop(cursor)
  if (cursor.accept('alter')) return readChange(cursor)
  if (cursor.accept('add', 'primary', 'key')) {
    cursor.expectSymbol('(')
    const columns = cursor.list(() => cursor.identifier())
    cursor.expectSymbol(')')
    return { kind: 'primary key', columns }
  }
  if (cursor.accept('add')) {
    const word = ['constraint', 'unique', 'check', 'foreign'].find((one) => cursor.sees(one))
    if (word !== undefined) throw notSupported(`ALTER TABLE … ADD ${word.toUpperCase()}`)
    cursor.accept('column')
    return readNewColumn(cursor)
  }
  const word = cursor.peek()
  if (word?.kind === 'word' && word.value !== 'rename') {
    throw notSupported(`ALTER TABLE … ${word.value.toUpperCase()}`)
  }
  throw cursor.syntaxError()
}

function readNewColumn(cursor: TokenCursor): AddColumn {
  const ifNotExists = cursor.accept('if', 'not', 'exists')
  return { kind: 'add', definition: readColumnDefinition(cursor), ifNotExists }
}

function readDrop(cursor: TokenCursor): DropColumn {
  if (cursor.sees('constraint')) throw notSupported('ALTER TABLE … DROP CONSTRAINT')
  cursor.accept('column')
  const ifExists = cursor.accept('if', 'exists')
  const name = cursor.identifier()
  if (cursor.sees('cascade')) throw notSupported('DROP COLUMN … CASCADE')
  cursor.accept('restrict')
  return { kind: 'drop', name, ifExists }
}

function readChange(cursor: TokenCursor): ChangeColumn {
  cursor.accept('column')
  const name = cursor.identifier()
  const other = IDENTITY_ACTIONS.find((words) => cursor.sees(...words.split(' ')))
  if (other !== undefined) throw notSupported(`ALTER COLUMN … ${other.toUpperCase()}`)
  if (cursor.accept('drop', 'default')) return { kind: 'drop default', name }
  if (cursor.accept('drop', 'not', 'null')) return { kind: 'drop not null', name }
  if (cursor.accept('set', 'not', 'null')) return { kind: 'set not null', name }
  if (cursor.accept('set', 'default')) {
    return { kind: 'set default', name, value: readUntil(cursor) }
  }
  if (cursor.accept('type') || cursor.accept('set', 'data', 'type')) {
    const type = readUntil(cursor, 'using')
    const using = cursor.accept('using') ? readUntil(cursor) : undefined
    return { kind: 'type', name, type, using }
  }
  throw cursor.syntaxError()
}

/** Of PostgreSQL. */
const IDENTITY_ACTIONS = ['add generated', 'set generated', 'drop identity', 'restart']

/** From here to `word`, a comma or the end, outside of brackets. */
function readUntil(cursor: TokenCursor, word?: string): Fragment {
  const first = cursor.next()
  let last = first
  for (;;) {
    const token = cursor.peek()
    if (!token || (token.depth === 0 && isSymbol(token, ','))) break
    if (word !== undefined && token.depth === 0 && isWord(token, word)) break
    last = cursor.next()
  }
  return { start: first.start, end: last.end }
}
