/** Files into tables. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type { CsvChoice, Load, LoadPreviewRequest, LoadStart } from './generated/types.gen.ts'

export type {
  BadRow,
  CsvChoice,
  CsvReading,
  Load,
  LoadColumn,
  LoadPreview,
  LoadPreviewRequest,
  LoadStart,
  LoadTable,
  UploadedLoad,
} from './generated/types.gen.ts'

export type LoadFormat = Load['format']

/** Those of whoever asks, the newest first. */
export const loadsQuery = queryOptions({
  queryKey: ['loads', 'list'],
  queryFn: async ({ signal }) => (await sdk.listLoads({ ...LOUD, signal })).data.items,
})

export function loadQuery(id: string) {
  return queryOptions({
    queryKey: ['loads', 'one', id],
    queryFn: async ({ signal }) => (await sdk.getLoad({ ...LOUD, path: { id }, signal })).data,
  })
}

/** The file as it is read: all of its columns and its first rows. */
export function previewQuery(id: string, csv: CsvChoice) {
  return queryOptions({
    queryKey: ['load-preview', id, csv],
    queryFn: async ({ signal }) =>
      (await sdk.previewLoad({ ...LOUD, path: { id }, body: { csv }, signal })).data,
    placeholderData: keepPreviousData,
    staleTime: Infinity, // a file that was sent does not change
  })
}

/** What is wrong with what was chosen: names, types, rights, values. */
export function checkQuery(id: string, request: LoadPreviewRequest) {
  return queryOptions({
    queryKey: ['load-check', id, request],
    queryFn: async ({ signal }) =>
      (await sdk.previewLoad({ ...LOUD, path: { id }, body: request, signal })).data,
    placeholderData: keepPreviousData,
  })
}

export async function startLoad(id: string, start: LoadStart): Promise<Load> {
  return (await sdk.startLoad({ ...LOUD, path: { id }, body: start })).data
}

/** Stops it where it runs. Answers how it ended: `succeeded` where that came first. */
export async function removeLoad(id: string): Promise<Load> {
  return (await sdk.removeLoad({ ...LOUD, path: { id } })).data
}
