/** psql, its password file, and SQL over HTTP with curl. */
import { TOKEN_PLACE } from './connection-target.ts'
import type { ConnectionTarget } from './connection-target.ts'
import { conninfo, doubleQuoted, pgpassField, shellWord } from './quoting.ts'
import type { Snippet } from './snippet.ts'

export function commandLineSnippets(target: ConnectionTarget): Snippet[] {
  return [psql(target), pgpass(target), ...curl(target)]
}

/** Without a CA file of ours the system's own trust is used. */
function psql({ host, port, database, user, caFile }: ConnectionTarget): Snippet {
  const text = conninfo({
    host,
    port,
    dbname: database,
    user,
    sslmode: 'verify-full',
    sslrootcert: caFile ?? 'system',
  })
  return {
    tool: 'psql',
    title: 'Command; it asks for the access token',
    language: 'sh',
    text: `psql ${shellWord(text)}`,
  }
}

function pgpass({ host, port, database, user }: ConnectionTarget): Snippet {
  const fields = [host, port, database, user].map(pgpassField)
  return {
    tool: 'psql',
    title: 'Line of ~/.pgpass (mode 0600), so that nothing asks for the token',
    language: 'text',
    text: [...fields, TOKEN_PLACE].join(':'),
    fileName: '.pgpass',
  }
}

/** From standard input, because everybody on a machine can read the words of a command. */
function curl({ httpsUrl, database, caFile }: ConnectionTarget): Snippet[] {
  if (httpsUrl === undefined) return []
  const lines: [string, string | undefined][] = [
    ['cacert', caFile],
    ['url', `${httpsUrl}/api/v1/sql?database=${encodeURIComponent(database)}`],
    ['header', `Authorization: Bearer ${TOKEN_PLACE}`],
    ['header', 'Content-Type: text/plain'],
    ['data-binary', 'SELECT 1'],
  ]
  const config = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} = ${doubleQuoted(value)}`],
  )
  return [
    {
      tool: 'curl',
      title: 'SQL over HTTP',
      language: 'sh',
      text: ["curl --config - <<'END'", ...config, 'END'].join('\n'),
    },
  ]
}
