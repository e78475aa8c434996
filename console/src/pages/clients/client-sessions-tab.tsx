/** The open sessions of one client. */
import { Stack } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { sessionsQuery } from '../../api/sessions.ts'
import { Empty } from '../../ui/empty.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Pager } from '../../ui/pager.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { PAGE_SIZE, usePages } from '../../ui/use-pages.ts'
import { SessionsTable } from '../sessions-table.tsx'

const route = getRouteApi('/shell/settings/access-tokens/$name')

export function ClientSessionsTab() {
  const { name } = route.useParams()
  const pages = usePages()
  const sessions = useQuery(sessionsQuery({ search: name, after: pages.after, limit: PAGE_SIZE }))
  if (sessions.error) return <ProblemNotice error={sessions.error} />
  // The search finds parts of names: `bi` also finds `bi-test`.
  const own = sessions.data?.items.filter(
    (session) => session.principalKind === 'client' && session.name === name,
  )
  return (
    <Stack gap="lg">
      <SessionsTable
        sessions={own}
        stale={sessions.isPlaceholderData}
        empty={
          <Empty
            icon={IconPlugConnected}
            title={`${name} is not connected`}
            action={
              <LinkButton
                variant="light"
                to="/settings/access-tokens/$name/connect"
                params={{ name }}
              >
                Connect a tool
              </LinkButton>
            }
          >
            Its sessions appear here as soon as it connects.
          </Empty>
        }
      />
      {sessions.data && sessions.data.total > PAGE_SIZE && (
        <Pager pages={pages} page={sessions.data} noun="session" />
      )}
    </Stack>
  )
}
