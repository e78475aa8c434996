/** Clients, the life of their access tokens, and how tools connect with them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ifMatch, LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type { Client, ClientChange, ClientWithToken, NewClient } from './generated/types.gen.ts'
import { pageQuery } from './page.ts'
import type { PageRequest } from './page.ts'

export type {
  Client,
  ClientChange,
  ClientImpact,
  ClientLimits,
  ConnectionEvent,
  ConnectKit,
  TokenInfo,
} from './generated/types.gen.ts'

export function clientsQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['clients', 'list', page],
    queryFn: async ({ signal }) =>
      (await sdk.listClients({ ...LOUD, query: pageQuery(page), signal })).data,
    placeholderData: keepPreviousData,
  })
}

export function clientQuery(name: string) {
  return queryOptions({
    queryKey: ['clients', 'one', name],
    queryFn: async ({ signal }) => (await sdk.getClient({ ...LOUD, path: { name }, signal })).data,
  })
}

export function impactQuery(name: string) {
  return queryOptions({
    queryKey: ['clients', 'impact', name],
    queryFn: async ({ signal }) =>
      (await sdk.getClientImpact({ ...LOUD, path: { name }, signal })).data,
  })
}

export function connectQuery(name: string) {
  return queryOptions({
    queryKey: ['connect', name],
    queryFn: async ({ signal }) =>
      (await sdk.getConnectKit({ ...LOUD, path: { name }, signal })).data,
    staleTime: 60_000,
  })
}

export function connectionEventsPath(name: string): string {
  return `/api/v1/clients/${encodeURIComponent(name)}/connection-events`
}

export async function createClient(
  client: NewClient,
  idempotencyKey: string,
): Promise<ClientWithToken> {
  const headers = { 'idempotency-key': idempotencyKey }
  return (await sdk.createClient({ ...LOUD, body: client, headers })).data
}

export async function changeClient(client: Client, change: ClientChange): Promise<Client> {
  return (await sdk.changeClient({ ...LOUD, ...seen(client), body: change })).data
}

export async function setClientEnabled(client: Client, enabled: boolean): Promise<Client> {
  const act = enabled ? sdk.enableClient : sdk.disableClient
  return (await act({ ...LOUD, ...seen(client) })).data
}

export async function designateJobs(client: Client): Promise<Client> {
  return (await sdk.designateJobsClient({ ...LOUD, ...seen(client) })).data
}

/** @throws ApiError `password_proof_required` when the password was not proven just now. */
export async function showToken(client: Client): Promise<{ readonly token: string }> {
  return (await sdk.showToken({ ...LOUD, ...seen(client), body: {} })).data
}

/** With `graceMs` 0 the old token ends at once. */
export async function regenerateToken(client: Client, graceMs: number): Promise<ClientWithToken> {
  return (await sdk.regenerateToken({ ...LOUD, ...seen(client), body: { graceMs } })).data
}

/** Ends the grace of the token before. */
export async function endPreviousToken(client: Client): Promise<Client> {
  return (await sdk.endPreviousToken({ ...LOUD, ...seen(client) })).data
}

export async function deleteClient(client: Client): Promise<void> {
  await sdk.deleteClient({ ...LOUD, ...seen(client) })
}

/** The client as it was on the screen. */
function seen({ name, etag }: Client) {
  return { path: { name }, headers: ifMatch(etag) }
}
