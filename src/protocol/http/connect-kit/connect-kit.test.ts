import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { connectKit } from './connect-kit.ts'
import { connectionTarget } from './connection-target.ts'

const STATUS = {
  doors: {
    pg: { host: 'gate.example', port: 5439 },
    grpc: { host: 'gate.example', port: 8444 },
    https: { host: 'gate.example', port: 8443 },
  },
  caFile: '/data/tls/ca.crt',
}

/** Everything that some reader takes for something else, but what the API refuses. */
const HOSTILE = `/a b'c"d\\e$f\`g!h{i}j%k&l?m=n:o+p#q`

function snippets(caFile?: string, status: Parameters<typeof connectionTarget>[0] = STATUS) {
  const kit = connectKit(connectionTarget(status, 'my-bi', caFile))
  return Object.fromEntries(kit.map(({ tool, title, text }) => [`${tool}: ${title}`, text]))
}

test('every tool gets lines with the real address, and most the place of the token', () => {
  expect(snippets()).toMatchSnapshot()
})

test('with a certificate that systems trust no file is named', () => {
  const texts = Object.values(snippets(undefined, { ...STATUS, caFile: undefined })).join('\n')
  expect(texts).not.toContain('ca.crt')
  expect(texts).toContain('sslrootcert=system')
  expect(texts).toContain('sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory')
})

test('an IPv6 address is bracketed in URLs alone', () => {
  const texts = snippets(undefined, { ...STATUS, doors: { pg: { host: '::1', port: 1 } } })
  expect(texts['JDBC: URL; the access token is the password']).toContain('postgresql://[::1]:1/')
  expect(texts['psql: Command; it asks for the access token']).toContain('host=::1 port=1')
  const pgpass = Object.entries(texts).find(([name]) => name.includes('pgpass'))?.[1]
  expect(pgpass).toBe(String.raw`\:\:1:1:master:my-bi:{{token}}`)
})

test('a shell hands psql, curl and Airflow exactly what was meant, whatever the path holds', () => {
  const texts = snippets(HOSTILE)
  const psql = texts['psql: Command; it asks for the access token'] ?? ''
  const word = inShell(psql.replace(/^psql /, ''))
  expect(conninfoOf(word)['sslrootcert']).toBe(HOSTILE)
  const airflow = texts['Airflow: Connection, as a variable of its environment'] ?? ''
  const [name, uri = ''] = /^(\w+)=(.*)$/s.exec(airflow)?.slice(1) ?? []
  expect(name).toBe('AIRFLOW_CONN_BLUEGATE_MY_BI')
  expect(new URL(inShell(uri)).searchParams.get('sslrootcert')).toBe(HOSTILE)
  const config = inShellScript(
    (texts['curl: SQL over HTTP'] ?? '').replace(/^curl --config -/, 'cat'),
  )
  expect(JSON.parse(/^cacert = (.*)$/m.exec(config)?.[1] ?? '')).toBe(HOSTILE)
})

test('JDBC, ODBC, Python, R and PHP read the path as it is', () => {
  const texts = snippets(HOSTILE)
  const jdbc = texts['JDBC: URL; the access token is the password'] ?? ''
  expect(new URL(jdbc.replace('jdbc:', '')).searchParams.get('sslrootcert')).toBe(HOSTILE)
  const odbc = texts['ODBC: Connection string'] ?? ''
  const pairs = odbcPairs(odbc)
  expect(pairs).toMatchObject({
    Driver: 'PostgreSQL Unicode',
    Username: 'my-bi',
    Password: '{{token}}',
  })
  expect(conninfoOf(pairs['pqopt'] ?? '')['sslrootcert']).toBe(HOSTILE)
  for (const tool of [
    'Python: psycopg',
    'Python: SQLAlchemy',
    'Python: pysqream-blue',
    'R: RPostgres',
  ]) {
    expect(texts[tool]).toContain(JSON.stringify(HOSTILE))
  }
  const dsn = /new PDO\('((?:[^'\\]|\\.)*)'/.exec(texts['PHP: PDO'] ?? '')?.[1] ?? ''
  const words = dsn.replaceAll(/\\([\\'])/g, '$1').replace(/^pgsql:/, '')
  expect(conninfoOf(words.replaceAll(';', ' '))['sslrootcert']).toBe(HOSTILE) // as PDO does
})

test('while no driver could connect that is told', () => {
  expect(() => connectionTarget({ ...STATUS, doors: {} }, 'bi')).toThrow(
    expect.objectContaining({ kind: 'object_not_in_prerequisite_state' }),
  )
})

function inShell(word: string): string {
  return inShellScript(`printf %s ${word}`)
}

function inShellScript(script: string): string {
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' })
}

/** As ODBC's driver manager reads it; it has to be read to its end. The token has no braces. */
function odbcPairs(text: string): Record<string, string> {
  const token = '{{token}}'
  const pair = /(\w+)=(?:\{((?:[^}]|\}\})*)\}|([^;{}]*));/gy
  const found = [...text.replace(token, 'TOKEN').matchAll(pair)]
  expect(found.map(([whole]) => whole).join('')).toBe(text.replace(token, 'TOKEN'))
  return Object.fromEntries(
    found.map(([, name = '', braced, plain = '']) => [
      name,
      (braced?.replaceAll('}}', '}') ?? plain).replace('TOKEN', token),
    ]),
  )
}

/** As libpq reads it. */
function conninfoOf(text: string): Record<string, string> {
  const pair = /(\w+)=(?:'((?:[^'\\]|\\.)*)'|(\S*))/g
  return Object.fromEntries(
    [...text.matchAll(pair)].map(([, name = '', quoted, plain = '']) => [
      name,
      quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1'),
    ]),
  )
}
