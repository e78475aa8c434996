/** The list of schemas in which one-part names are looked up, as a setting. */
import { invalidValue } from './setting-definition.ts'
import type { SettingParser } from './setting-definition.ts'

/** Each name is looked up in the catalogue for every table: a longer list is a mistake. */
const SCHEMAS_MAX = 64

export const searchPathSetting: SettingParser = (values, { name, startup }) => {
  const schemas = startup ? values.flatMap((text) => splitSchemaList(text, name)) : values
  if (schemas.length > SCHEMAS_MAX) {
    throw invalidValue(name, schemas.join(', '), `Use at most ${SCHEMAS_MAX} schemas.`)
  }
  return schemas.map(quoteIfNeeded).join(', ')
}

/** The canonical value that names this one schema. */
export function searchPathOf(schema: string): string {
  return quoteIfNeeded(schema)
}

/**
 * The schemas of a canonical value; `"$user"` is the session's user. Empty names are left out, and
 * a path without any looks names up in `pg_catalog` alone, as PostgreSQL does.
 */
export function schemasOf(canonical: string, user: string): readonly string[] {
  const schemas = splitSchemaList(canonical, 'search_path')
    .map((schema) => (schema === '$user' ? user : schema))
    .filter((schema) => schema !== '')
  return schemas.length > 0 ? schemas : ['pg_catalog']
}

/**
 * `a, "B c", d` → the names, folded to lower case unless quoted.
 *
 * @throws GatewayError `invalid_parameter_value`.
 */
function splitSchemaList(text: string, name: string): string[] {
  const schemas: string[] = []
  let rest = text.trim()
  if (rest === '') return schemas
  for (;;) {
    const match = /^(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^\s",]+))\s*(?<end>,|$)\s*/.exec(rest)
    const { quoted, plain, end } = match?.groups ?? {}
    if (!match) throw invalidValue(name, text, 'Use a list of schemas: public, "My Schema".')
    schemas.push(quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'))
    rest = rest.slice(match[0].length)
    if (end === '') return schemas
  }
}

function quoteIfNeeded(schema: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(schema) ? schema : `"${schema.replaceAll('"', '""')}"`
}
