/**
 * How large and how twisted a text may be before the engine's parser sees it.
 *
 * The parser, the serializer of its tree and the planner recurse, and some of them crash or take
 * minutes on texts that these limits refuse (security design, section 5, has the measurements).
 * The lexer counts all of them in one linear pass.
 */

/** Bytes of UTF-8 in one text, however many statements it holds. */
export const textBytesMax = 1_048_576

export const tokensMax = 100_000

/** `(`, `[`, `{` and CASE inside one another. */
export const nestingMax = 100

/** Operators in one operand-operator chain: 900 additions took 14 s to plan. */
export const operatorRunMax = 250

/** AND and OR in one chain; the engine's parser keeps a chain of one of them flat. */
export const conjunctionRunMax = 5_000

/** `a.b.c…`: 50,000 parts on a table crashed the engine. */
export const namePartsMax = 8

/** Subscripts and casts one after another, `x[1][1]…`, which nest in the tree. */
export const postfixRunMax = 64

/** Comments inside one another: 10,000 took 10 s to parse. */
export const commentNestingMax = 64

/** Tables, joins and table functions in one statement: 200 joins took 17 s to plan. */
export const tableReferencesMax = 64

/** UNION, EXCEPT and INTERSECT in one statement. */
export const setOperationsMax = 100

/** Statements in one text. */
export const statementsMax = 1_000

/** Characters of one identifier. */
export const identifierCharactersMax = 128
