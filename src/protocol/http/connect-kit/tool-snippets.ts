/** Tools that people fill in by hand: Power BI and Tableau. */
import { TOKEN_PLACE } from './connection-target.ts'
import type { ConnectionTarget } from './connection-target.ts'
import type { Snippet } from './snippet.ts'

export function toolSnippets(target: ConnectionTarget): Snippet[] {
  return [...powerBi(target), tableau(target)]
}

function powerBi({ host, port, database, user, caFile }: ConnectionTarget): Snippet[] {
  const address = `${host}:${port}`
  const trust =
    caFile === undefined
      ? []
      : [
          `Before the first time: import ${caFile} into Windows as a Trusted Root Certification Authority.`,
        ]
  const lines = [
    'Get data: PostgreSQL database',
    `Server: ${address}`,
    `Database: ${database}`,
    'Authentication: Database',
    `User name: ${user}`,
    `Password: ${TOKEN_PLACE}`,
    ...trust,
  ]
  const file = {
    version: '0.1',
    connections: [{ details: { protocol: 'postgresql', address: { server: address, database } } }],
  }
  return [
    { tool: 'Power BI', title: 'Fields', language: 'fields', text: lines.join('\n') },
    {
      tool: 'Power BI',
      title: 'Data source file; it asks for user name and access token',
      language: 'json',
      text: JSON.stringify(file, undefined, 2),
      fileName: `${user}.pbids`,
    },
  ]
}

function tableau({ host, port, database, user, caFile }: ConnectionTarget): Snippet {
  const trust =
    caFile === undefined ? [] : [`Before the first time: let the system trust ${caFile}.`]
  const lines = [
    'To a server: PostgreSQL',
    `Server: ${host}`,
    `Port: ${port}`,
    `Database: ${database}`,
    'Authentication: Username and Password',
    `Username: ${user}`,
    `Password: ${TOKEN_PLACE}`,
    'Require SSL: yes',
    ...trust,
  ]
  return { tool: 'Tableau', title: 'Fields', language: 'fields', text: lines.join('\n') }
}
