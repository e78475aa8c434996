/** What to type, or to paste into a tool, to connect as a client. */
export interface GatewayAddress {
  readonly doors: Readonly<Record<string, { readonly host: string; readonly port: number }>>
  /** `| null` as in JSON. */
  readonly caFile?: string | null
}

/** One entry per way to connect through an open door: its name and what to type. */
export function connectionLines(
  { doors, caFile }: GatewayAddress,
  clientName: string,
): { readonly tool: string; readonly text: string }[] {
  const pg = doors['pg']
  if (!pg) return []
  const { host, port } = pg
  return [
    { tool: 'psql', text: psqlLine(host, port, clientName, caFile ?? undefined) },
    { tool: 'JDBC', text: jdbcUrl(host, port, clientName, caFile ?? undefined) },
  ]
}

/** Without a CA file of ours the system's own trust is used. Source: libpq, "Connection Strings". */
function psqlLine(host: string, port: number, user: string, caFile: string | undefined): string {
  const root = caFile === undefined ? 'system' : conninfoValue(caFile)
  return `psql "host=${host} port=${port} dbname=master user=${user} sslmode=verify-full sslrootcert=${root}"`
}

function conninfoValue(text: string): string {
  return /^[\w./-]+$/.test(text)
    ? text
    : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function jdbcUrl(host: string, port: number, user: string, caFile: string | undefined): string {
  const parameters = new URLSearchParams({ user, sslmode: 'verify-full' })
  if (caFile !== undefined) parameters.set('sslrootcert', caFile)
  return `jdbc:postgresql://${host}:${port}/master?${parameters.toString().replaceAll('+', '%20')}`
}
