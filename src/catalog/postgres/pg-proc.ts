/** Functions of users, and the languages that they could be in. Columns as in PostgreSQL 15. */
import { always, oid, relation, smallint, text } from './catalog-relation.ts'
import { OWNER } from './postgres-world.ts'
import type { PostgresFunction } from './postgres-world.ts'
import { quoteIfNeeded } from './primary-keys.ts'

/** As PostgreSQL numbers them. */
const SQL_LANGUAGE = 14

const INVOKER = always('BOOLEAN', false)
const NONE = always('VARCHAR[]', null)
const NO_TEXT = always('VARCHAR', null)

export const pgProc = relation<PostgresFunction>(
  'pg_catalog',
  'pg_proc',
  ({ functions }) => functions,
  {
    oid: oid((one) => one.oid),
    proname: text((one) => one.name),
    pronamespace: oid((one) => one.schema.oid),
    proowner: always('BIGINT', OWNER.oid),
    prolang: always('BIGINT', SQL_LANGUAGE),
    procost: always('FLOAT', 100),
    prorows: always('FLOAT', 0),
    provariadic: always('BIGINT', 0),
    prosupport: always('BIGINT', 0),
    prokind: always('VARCHAR', 'f'),
    prosecdef: INVOKER,
    proleakproof: always('BOOLEAN', false),
    proisstrict: always('BOOLEAN', false),
    proretset: always('BOOLEAN', false),
    provolatile: always('VARCHAR', 'v'),
    proparallel: always('VARCHAR', 'u'),
    pronargs: smallint((one) => one.parameters.length),
    pronargdefaults: always('SMALLINT', 0),
    prorettype: oid((one) => one.returns.oid),
    proargtypes: { type: 'BIGINT[]', of: (one) => one.parameters.map(({ type }) => type.oid) },
    proallargtypes: always('BIGINT[]', null),
    proargmodes: NONE,
    proargnames: { type: 'VARCHAR[]', of: (one) => one.parameters.map(({ name }) => name) },
    proargdefaults: NO_TEXT,
    protrftypes: always('BIGINT[]', null),
    prosrc: text((one) => one.source),
    probin: NO_TEXT,
    prosqlbody: NO_TEXT,
    proconfig: NONE,
    proacl: NONE,
  },
)

interface Language {
  readonly oid: number
  readonly name: string
}

const LANGUAGES: readonly Language[] = [
  { oid: 12, name: 'internal' },
  { oid: SQL_LANGUAGE, name: 'sql' },
]

export const pgLanguage = relation<Language>('pg_catalog', 'pg_language', () => LANGUAGES, {
  oid: oid((one) => one.oid),
  lanname: text((one) => one.name),
  lanowner: always('BIGINT', OWNER.oid),
  lanispl: always('BOOLEAN', false),
  lanpltrusted: always('BOOLEAN', true),
  lanplcallfoid: always('BIGINT', 0),
  laninline: always('BIGINT', 0),
  lanvalidator: always('BIGINT', 0),
  lanacl: NONE,
})

/** `width double precision, height double precision` */
export function functionArguments({ parameters }: PostgresFunction): string {
  return parameters.map(({ name, typeName }) => `${quoteIfNeeded(name)} ${typeName}`).join(', ')
}

/** The statement that makes it, as PostgreSQL prints it. */
export function functionDefinition(one: PostgresFunction): string {
  const name = `${quoteIfNeeded(one.schema.name)}.${quoteIfNeeded(one.name)}`
  const quote = dollarQuote(one.source)
  return [
    `CREATE OR REPLACE FUNCTION ${name}(${functionArguments(one)})`,
    ` RETURNS ${one.returnsName}`,
    ' LANGUAGE sql',
    `AS ${quote}${one.source}${quote}`,
    '',
  ].join('\n')
}

/** One that does not stand in the text. */
export function dollarQuote(text: string): string {
  for (let number = 0; ; number += 1) {
    const quote = `$function${number === 0 ? '' : number}$`
    if (!text.includes(quote)) return quote
  }
}
