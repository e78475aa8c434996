/** Data: a file becomes a table, or is added to one. */
import { getRouteApi } from '@tanstack/react-router'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { usePoll } from '../../api/background.ts'
import { endUpload, useUpload } from '../../api/current-upload.ts'
import { loadQuery, loadsQuery, previewQuery } from '../../api/loads.ts'
import { Page } from '../../ui/page.tsx'
import { FileChoice } from './file-choice.tsx'
import { LoadView } from './load-view.tsx'
import { RecentLoads } from './recent-loads.tsx'

const route = getRouteApi('/shell/data')

const POLL_MS = 1_000

export function DataPage() {
  const { load: id } = route.useSearch()
  const loads = useQuery(loadsQuery)
  usePoll('loads', loads.data?.some(({ state }) => state === 'running') ? POLL_MS : undefined)
  useOpenWhatWasSent()
  return (
    <Page
      title="Data"
      description="Load a CSV or Parquet file into a table: all of it, or nothing."
    >
      {id === undefined ? <FileChoice /> : <LoadView key={id} id={id} />}
      <RecentLoads loads={loads} opened={id} />
    </Page>
  )
}

/** What is known of it is kept, so that it is shown at once. */
function useOpenWhatWasSent(): void {
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const upload = useUpload()
  useEffect(() => {
    if (upload?.state !== 'sent') return
    const { preview, ...load } = upload.load
    queries.setQueryData(loadQuery(load.id).queryKey, load)
    queries.setQueryData(previewQuery(load.id, {}).queryKey, preview)
    void queries.invalidateQueries({ queryKey: loadsQuery.queryKey })
    endUpload()
    void navigate({ search: { load: load.id } })
  }, [upload, queries, navigate])
}
