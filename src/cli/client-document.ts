/** A client as the API describes it, and as people read it. */
import { printable } from './printable.ts'

export interface Client {
  readonly id: string
  readonly name: string
  readonly label?: string
  readonly role: string
  readonly enabled: boolean
  readonly jobs: boolean
  readonly createdAt: string
  readonly allowedAddresses: readonly string[]
  /** By name. */
  readonly limits: Readonly<Record<string, number | string>>
  readonly token: Token
  readonly previousToken?: Token
  readonly openSessions: number
  readonly etag: string
}

export interface Token {
  readonly id: string
  readonly createdAt: string
  readonly expiresAt?: string
  readonly lastUse?: { readonly at: string; readonly address: string; readonly tool: string }
}

export interface Created {
  readonly client: Client
  readonly token: string
}

/** For `--json`: `token` is left for the secret itself, where a command prints it. */
export function toDocument({ token, ...client }: Client): object {
  return { ...client, tokenInfo: token, etag: undefined }
}

export function describeClient(client: Client): string {
  const { token } = client
  const lines: [string, string | undefined][] = [
    ['Client', client.label === undefined ? client.name : `${client.name} (${client.label})`],
    ['Role', client.role],
    ['State', client.enabled ? 'enabled' : 'disabled'],
    ['Jobs', client.jobs ? 'yes' : undefined],
    ['Made', client.createdAt],
    ['Allowed from', client.allowedAddresses.join(', ') || undefined],
    ['Limits', limitsText(client.limits)],
    ['Token id', token.id],
    ['Token ends', token.expiresAt],
    ['Last used', token.lastUse && `${token.lastUse.at} from ${token.lastUse.address}`],
    ['Last tool', token.lastUse?.tool],
  ]
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${`${name}:`.padEnd(14)} ${printable(value ?? '')}\n`)
    .join('')
}

function limitsText(limits: Client['limits']): string | undefined {
  const texts = Object.entries(limits).map(([name, value]) => `${name} = ${value}`)
  return texts.length === 0 ? undefined : texts.join(', ')
}

/** A way to connect, ready to type or to paste. */
export interface Way {
  readonly tool: string
  readonly text: string
}

/** The token, and how a tool uses it. */
export function describeNewToken(
  what: string,
  client: Client,
  token: string,
  ways: readonly Way[],
): string {
  return [
    `${what}; it acts with the role ${client.role}.`,
    '',
    'Access token, to paste where the tool asks for a password:',
    `  ${token}`,
    '',
    'Connect:',
    ...ways.map(({ tool, text }) => `  ${`${tool}:`.padEnd(6)} ${text}`),
    '',
  ].join('\n')
}
