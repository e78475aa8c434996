/** The gateway itself. */
import { queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'

export interface Status {
  readonly version: string
  readonly startedAt: string
  readonly doors: Readonly<Record<string, { readonly host: string; readonly port: number }>>
  readonly sessions: number
}

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => request<Status>('GET', '/status', { signal }),
})

export const CA_FILE_PATH = '/api/v1/ca.crt'
