/** Values in the many languages of configuration: each as its own reader wants it. No value holds a line break. */

/** Source: libpq, "Connection Strings". */
function conninfoValue(value: string | number): string {
  const text = String(value)
  if (/^[\w./:-]+$/.test(text)) return text
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}

/** `name=value` pairs; those that are undefined are left out. */
export function conninfo(
  pairs: Readonly<Record<string, string | number | undefined>>,
  separator = ' ',
): string {
  return Object.entries(pairs)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${conninfoValue(value)}`]))
    .join(separator)
}

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  if (!/["$`\\!]/.test(text)) return `"${text}"`
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** One field of a `.pgpass` line. Source: libpq, "The Password File". */
export function pgpassField(value: string | number): string {
  return String(value).replaceAll(/[\\:]/g, String.raw`\$&`)
}

/** A value of an ODBC connection string. Source: ODBC, "SQLDriverConnect", connection strings. */
export function odbcValue(value: string | number): string {
  const text = String(value)
  return /^[\w./-]+$/.test(text) ? text : `{${text.replaceAll('}', '}}')}}`
}

/** The query of a URL, with spaces as every reader takes them. */
export function urlQuery(pairs: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(pairs).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )
  return new URLSearchParams(known).toString().replaceAll('+', '%20')
}

/** A string of Python and of R: both read the escapes of JSON. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text)
}

/** A string of PHP that reads no variables. */
export function phpString(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}
