/** What the server under test knows: whom it lets in, and what its statements must answer. */
export interface KnownStatement {
  readonly text: string
  readonly does:
    | 'rows'
    /** Its rows come as CopyData. */
    | 'copy'
    /** It takes rows, of one integer each. */
    | 'copy in'
    | 'command'
    | 'begin'
    | 'commit'
    | 'rollback'
    | 'nothing'
    /** Refused when its shape is asked for, and when it runs. */
    | 'cannot run'
    /** Its shape is known; it fails while it makes rows. */
    | 'fails at a row'
  readonly columns: number
  readonly rows: number
  /** The type of `$1`, where it has one. */
  readonly parameter?: 'text' | 'integer'
  /** It may fail at its row before its columns are told. */
  readonly failsEarly?: boolean
}

export interface FuzzWorld {
  readonly user: string
  readonly token: string
  /** Says no without TLS. */
  readonly tlsOnly: boolean
  readonly messageBytesMax: number
  readonly preparedStatementsMax: number
  readonly portalsMax: number
  /** Messages of a flood: enough for its bounds to be reached. */
  readonly floodMessages: number
  readonly statements: readonly [KnownStatement, ...KnownStatement[]]
  /** Not among `statements`: what follows it is not for every client to know. */
  readonly copyIn: KnownStatement
}

export const COPY_IN: KnownStatement = {
  text: 'COPY t FROM STDIN',
  does: 'copy in',
  columns: 0,
  rows: 0,
}

type Shape = Omit<KnownStatement, 'text'>

const ONE_ROW: Shape = { does: 'rows', columns: 1, rows: 1 }
const COMMAND: Shape = { does: 'command', columns: 0, rows: 0 }

/** What every server under test knows. */
const COMMON: readonly (readonly [string, Shape])[] = [
  ['SELECT 1 AS n', ONE_ROW],
  ["SELECT 'é'::varchar AS x", ONE_ROW],
  ['SELECT $1::varchar AS x', { ...ONE_ROW, parameter: 'text' }],
  ['SELECT $1::integer AS x', { ...ONE_ROW, parameter: 'integer' }],
  ['SHOW application_name', ONE_ROW],
  ['SELECT * FROM missing', { does: 'cannot run', columns: 0, rows: 0 }],
  ['EXECUTE missing (1)', { does: 'cannot run', columns: 0, rows: 0 }],
  ['INSERT INTO t VALUES (1)', COMMAND],
  ["SET application_name = 'x'", COMMAND],
  ['BEGIN', { ...COMMAND, does: 'begin' }],
  ['COMMIT', { ...COMMAND, does: 'commit' }],
  ['ROLLBACK', { ...COMMAND, does: 'rollback' }],
  ['', { ...COMMAND, does: 'nothing' }],
]

/**
 * @param series   The text that gives so many rows.
 * @param failing  One that fails at a row.
 * @param copyRows Rows of a COPY of one row: a fake may have none.
 */
export function knownStatements(
  series: (rows: number) => string,
  failing: Pick<KnownStatement, 'text' | 'failsEarly'>,
  copyRows: number,
): FuzzWorld['statements'] {
  const many = [2, 5, 30].map((rows): readonly [string, Shape] => [
    series(rows),
    { does: 'rows', columns: 1, rows },
  ])
  const copy = ['COPY (SELECT 1 AS n) TO STDOUT', { does: 'copy', columns: 0, rows: copyRows }]
  const all = [...COMMON, ...many, copy as [string, Shape]]
  const [first, ...others] = all.map(([text, shape]) => ({ text, ...shape }))
  if (!first) throw new Error('no statements')
  return [first, ...others, { ...failing, does: 'fails at a row', columns: 1, rows: 0 }]
}
