/** Sessions: who is connected now. */
import { IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { sessionsQuery } from '../api/sessions.ts'
import { Empty } from '../ui/empty.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { PAGE_SIZE, usePages } from '../ui/use-pages.ts'
import { SessionsTable } from './sessions-table.tsx'

const route = getRouteApi('/shell/settings/sessions')

export function SessionsPage() {
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const pages = usePages()
  const sessions = useQuery(sessionsQuery({ search, after: pages.after, limit: PAGE_SIZE }))
  return (
    <Page
      title="Sessions"
      description="Who is connected now, through every door, and what runs. The address is the peer's own; the tool's name is what it claims."
    >
      <SearchField
        label="Search sessions"
        value={search}
        onSearch={(text) => {
          pages.reset()
          void navigate({ search: text === '' ? {} : { search: text }, replace: true })
        }}
      />
      {sessions.error ? (
        <ProblemNotice error={sessions.error} />
      ) : (
        <>
          <SessionsTable
            sessions={sessions.data?.items}
            stale={sessions.isPlaceholderData}
            empty={
              search === '' ? (
                <Empty
                  icon={IconPlugConnected}
                  title="Nobody is connected"
                  action={
                    <LinkButton variant="light" to="/settings/access-tokens">
                      To the clients
                    </LinkButton>
                  }
                >
                  Sessions appear here as soon as a tool connects. How it does stands on the page of
                  its client, under Connect.
                </Empty>
              ) : (
                <Empty icon={IconPlugConnected} title={`No session matches “${search}”`}>
                  The search looks into names of clients and users.
                </Empty>
              )
            }
          />
          <Pager pages={pages} page={sessions.data} noun="session" />
        </>
      )}
    </Page>
  )
}
