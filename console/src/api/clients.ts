/** Clients, the life of their access tokens, and how tools connect with them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Page, PageRequest } from './page.ts'
import { part, request } from './request.ts'

export interface Client {
  readonly id: string
  readonly name: string
  readonly label?: string
  readonly role: string
  readonly enabled: boolean
  /** True for the one client that Jobs run as. */
  readonly jobs: boolean
  readonly createdAt: string
  readonly allowedAddresses: readonly string[]
  readonly token: Token
  /** The one before, while its grace lasts. */
  readonly previousToken?: Token
  readonly openSessions: number
  readonly etag: string
}

export interface Token {
  /** The public part. */
  readonly id: string
  readonly createdAt: string
  /** Expiry, or the end of the grace. */
  readonly expiresAt?: string
  readonly lastUse?: { readonly at: string; readonly address: string; readonly tool: string }
}

export interface NewClient {
  readonly name: string
  readonly role: string
  readonly label?: string
  readonly expiresAt?: string
  readonly allowedAddresses?: readonly string[]
}

export interface ClientChange {
  readonly label?: string
  readonly role?: string
  readonly allowedAddresses?: readonly string[]
  /** null: never. */
  readonly expiresAt?: string | null
}

/** What stops working when a client is cut off. */
export interface Impact {
  readonly openSessions: readonly {
    readonly id: string
    readonly tool: string
    readonly address: string
    readonly startedAt: string
    readonly door: string
  }[]
  /** Of the last 30 days. */
  readonly recentUses: readonly {
    readonly tool: string
    readonly address: string
    readonly lastUsedAt: string
    readonly uses: number
  }[]
  readonly jobs: boolean
  readonly schedules: readonly string[]
}

export interface Connect {
  readonly server: {
    readonly host: string
    readonly port: number
    readonly database: string
    readonly caFileUrl?: string
  }
  readonly snippets: readonly Snippet[]
}

export interface Snippet {
  readonly tool: string
  readonly title: string
  readonly language: string
  /** Holds `{{token}}` where the token belongs. */
  readonly text: string
  readonly fileName?: string
}

export type ConnectionEvent =
  | {
      readonly kind: 'connected'
      readonly at: string
      readonly address: string
      readonly tool: string
      readonly tlsVersion?: string
      readonly door: string
    }
  | {
      readonly kind: 'refused'
      readonly at: string
      readonly address: string
      readonly tool?: string
      readonly reason: string
      readonly fix?: string
    }

export function clientsQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['clients', 'list', page],
    queryFn: ({ signal }) =>
      request<Page<Client>>('GET', '/clients', { query: { ...page }, signal }),
    placeholderData: keepPreviousData,
  })
}

export function clientQuery(name: string) {
  return queryOptions({
    queryKey: ['clients', 'one', name],
    queryFn: ({ signal }) => request<Client>('GET', `/clients/${part(name)}`, { signal }),
  })
}

export function impactQuery(name: string) {
  return queryOptions({
    queryKey: ['clients', 'impact', name],
    queryFn: ({ signal }) => request<Impact>('GET', `/clients/${part(name)}/impact`, { signal }),
  })
}

export function connectQuery(name: string) {
  return queryOptions({
    queryKey: ['connect', name],
    queryFn: ({ signal }) => request<Connect>('GET', `/clients/${part(name)}/connect`, { signal }),
    staleTime: 60_000,
  })
}

export function connectionEventsPath(name: string): string {
  return `/api/v1/clients/${part(name)}/connection-events`
}

export function createClient(
  client: NewClient,
  idempotencyKey: string,
): Promise<{ client: Client; token: string }> {
  return request('POST', '/clients', { body: client, idempotencyKey })
}

export function changeClient({ name, etag }: Client, change: ClientChange): Promise<Client> {
  return request('PATCH', `/clients/${part(name)}`, { body: change, ifMatch: etag })
}

export function setClientEnabled(client: Client, enabled: boolean): Promise<Client> {
  return act(client, enabled ? 'enable' : 'disable')
}

export function designateJobs(client: Client): Promise<Client> {
  return act(client, 'designate-jobs')
}

/** @throws ApiError `password_proof_required` when the password was not proven just now. */
export function showToken(client: Client): Promise<{ token: string }> {
  return act(client, 'show-token')
}

/** With `graceMs` 0 the old token ends at once. */
export function regenerateToken(
  { name, etag }: Client,
  graceMs: number,
): Promise<{ client: Client; token: string }> {
  const body = { graceMs }
  return request('POST', `/clients/${part(name)}/regenerate`, { body, ifMatch: etag })
}

/** Ends the grace of the token before. */
export function endPreviousToken(client: Client): Promise<Client> {
  return act(client, 'end-previous-token')
}

export function deleteClient({ name, etag }: Client): Promise<void> {
  return request('DELETE', `/clients/${part(name)}`, { ifMatch: etag })
}

function act<T>({ name, etag }: Client, verb: string): Promise<T> {
  return request('POST', `/clients/${part(name)}/${verb}`, { ifMatch: etag })
}
