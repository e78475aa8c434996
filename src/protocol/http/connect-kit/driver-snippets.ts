/** Drivers of programs: JDBC, ODBC, Python, R, PHP, and Airflow's connections. */
import { TOKEN_PLACE, hostInUrl } from './connection-target.ts'
import type { ConnectionTarget } from './connection-target.ts'
import { conninfo, doubleQuoted, odbcValue, phpString, shellWord, urlQuery } from './quoting.ts'
import type { Snippet } from './snippet.ts'

export function driverSnippets(target: ConnectionTarget): Snippet[] {
  return [
    ...jdbc(target),
    ...odbc(target),
    psycopg(target),
    sqlAlchemy(target),
    ...blueConnector(target),
    r(target),
    php(target),
    airflow(target),
  ]
}

/** pgjdbc trusts what Java trusts only when it is told to. Source: pgjdbc, "Connection parameters". */
function jdbc({ host, port, database, user, caFile }: ConnectionTarget): Snippet[] {
  const query = urlQuery({
    user,
    sslmode: 'verify-full',
    sslrootcert: caFile,
    sslfactory: caFile === undefined ? 'org.postgresql.ssl.DefaultJavaSSLFactory' : undefined,
  })
  const url = `jdbc:postgresql://${hostInUrl(host)}:${port}/${database}?${query}`
  return [
    { tool: 'JDBC', title: 'URL; the access token is the password', language: 'url', text: url },
    {
      tool: 'JDBC',
      title: 'Fields',
      language: 'fields',
      text: fields({ URL: url, 'User name': user, Password: TOKEN_PLACE }),
    },
  ]
}

function odbc({ host, port, database, user, caFile }: ConnectionTarget): Snippet[] {
  const values = {
    Driver: 'PostgreSQL Unicode',
    Servername: host,
    Port: port,
    Database: database,
    Username: user,
    Password: TOKEN_PLACE,
    SSLmode: 'verify-full',
    pqopt: conninfo({ sslrootcert: caFile ?? 'system' }),
  }
  const ini = Object.entries(values).map(([name, value]) => `${name} = ${value}`)
  const { Driver: driver, Password: _, ...rest } = values
  const pairs = Object.entries(rest).map(([name, value]) => `${name}=${odbcValue(value)}`)
  return [
    {
      tool: 'ODBC',
      title: 'Section of odbc.ini',
      language: 'ini',
      text: [`[${user}]`, ...ini].join('\n'),
      fileName: 'odbc.ini',
    },
    {
      tool: 'ODBC',
      title: 'Connection string',
      language: 'text',
      text: [`Driver={${driver}}`, ...pairs, `Password=${TOKEN_PLACE}`, ''].join(';'),
    },
  ]
}

function psycopg({ host, port, database, user, caFile }: ConnectionTarget): Snippet {
  const text = [
    'import psycopg',
    '',
    'with psycopg.connect(',
    `    host=${doubleQuoted(host)}, port=${port}, dbname=${doubleQuoted(database)},`,
    `    user=${doubleQuoted(user)}, password="${TOKEN_PLACE}",`,
    `    sslmode="verify-full", sslrootcert=${doubleQuoted(caFile ?? 'system')},`,
    ') as connection:',
    '    print(connection.execute("SELECT 1").fetchone())',
  ]
  return { tool: 'Python', title: 'psycopg', language: 'python', text: text.join('\n') }
}

function sqlAlchemy({ host, port, database, user, caFile }: ConnectionTarget): Snippet {
  const text = [
    'from sqlalchemy import URL, create_engine',
    '',
    'engine = create_engine(URL.create(',
    '    "postgresql+psycopg",',
    `    username=${doubleQuoted(user)}, password="${TOKEN_PLACE}",`,
    `    host=${doubleQuoted(host)}, port=${port}, database=${doubleQuoted(database)},`,
    `    query={"sslmode": "verify-full", "sslrootcert": ${doubleQuoted(caFile ?? 'system')}},`,
    '))',
  ]
  return { tool: 'Python', title: 'SQLAlchemy', language: 'python', text: text.join('\n') }
}

/** The BLUE connector trusts what is in a file that the environment names, before it is imported. */
function blueConnector({ host, grpcPort, database, caFile }: ConnectionTarget): Snippet[] {
  if (grpcPort === undefined) return []
  const trust = [
    'import os',
    `os.environ["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = ${doubleQuoted(caFile ?? '')}`,
  ]
  const text = [
    ...(caFile === undefined ? [] : trust),
    'import pysqream_blue',
    '',
    'connection = pysqream_blue.connect(',
    `    host=${doubleQuoted(host)}, port="${grpcPort}", database=${doubleQuoted(database)},`,
    `    access_token="${TOKEN_PLACE}")`,
    'cursor = connection.cursor()',
    'cursor.execute("SELECT 1")',
    'print(cursor.fetchall())',
  ]
  return [{ tool: 'Python', title: 'pysqream-blue', language: 'python', text: text.join('\n') }]
}

function r({ host, port, database, user, caFile }: ConnectionTarget): Snippet {
  const text = [
    'connection <- DBI::dbConnect(',
    '  RPostgres::Postgres(),',
    `  host = ${doubleQuoted(host)}, port = ${port}, dbname = ${doubleQuoted(database)},`,
    `  user = ${doubleQuoted(user)}, password = "${TOKEN_PLACE}",`,
    `  sslmode = "verify-full", sslrootcert = ${doubleQuoted(caFile ?? 'system')}`,
    ')',
  ]
  return { tool: 'R', title: 'RPostgres', language: 'r', text: text.join('\n') }
}

/** PDO hands its pairs to libpq, so they are quoted for libpq. */
function php({ host, port, database, user, caFile }: ConnectionTarget): Snippet {
  const dsn = conninfo(
    {
      host,
      port,
      dbname: database,
      sslmode: 'verify-full',
      sslrootcert: caFile ?? 'system',
    },
    ';',
  )
  const text = `$connection = new PDO(${phpString(`pgsql:${dsn}`)}, ${phpString(user)}, '${TOKEN_PLACE}');`
  return { tool: 'PHP', title: 'PDO', language: 'php', text }
}

function airflow({ host, port, database, user, caFile }: ConnectionTarget): Snippet {
  const query = urlQuery({ sslmode: 'verify-full', sslrootcert: caFile ?? 'system' })
  const uri = `postgresql://${encodeURIComponent(user)}:${TOKEN_PLACE}@${hostInUrl(host)}:${port}/${database}?${query}`
  const variable = `AIRFLOW_CONN_BLUEGATE_${user.toUpperCase().replaceAll('-', '_')}`
  return {
    tool: 'Airflow',
    title: 'Connection, as a variable of its environment',
    language: 'sh',
    text: `${variable}=${shellWord(uri)}`,
  }
}

function fields(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}
