/** Who is connected now, and what runs. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Page, PageRequest } from './page.ts'
import { part, request } from './request.ts'

export interface Session {
  readonly id: string
  readonly principalKind: 'client' | 'user' | 'local'
  readonly name: string
  readonly role: string
  readonly door: string
  readonly address: string
  /** As the tool calls itself; claimed, never trusted. */
  readonly tool: string
  readonly tlsVersion?: string
  readonly database: string
  readonly startedAt: string
  readonly busy: boolean
  readonly transactionStatus: string
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly queryId: number
  readonly text: string
  readonly startedAt: string
  readonly rows?: number
}

export function sessionsQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['sessions', 'list', page],
    queryFn: ({ signal }) =>
      request<Page<Session>>('GET', '/sessions', { query: { ...page }, signal }),
    placeholderData: keepPreviousData,
  })
}

export function endSession({ id }: Session): Promise<void> {
  return request('DELETE', `/sessions/${part(id)}`)
}

export function cancelStatement({ id }: Session, { queryId }: Statement): Promise<void> {
  return request('POST', `/sessions/${part(id)}/statements/${queryId}/cancel`)
}
