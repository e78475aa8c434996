/** Limits: what each client may use up. */
import { Button, Text } from '@mantine/core'
import { IconGauge } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { clientsQuery } from '../api/clients.ts'
import type { Client } from '../api/clients.ts'
import { ClientLimits } from '../forms/client-limits.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { limitFacts } from '../ui/limit-words.ts'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { PAGE_SIZE, usePages } from '../ui/use-pages.ts'

const route = getRouteApi('/shell/settings/limits')

export function LimitsPage() {
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const pages = usePages()
  const clients = useQuery(clientsQuery({ search, after: pages.after, limit: PAGE_SIZE }))
  const [edited, setEdited] = useState<Client>()

  const columns: readonly Column<Client>[] = [
    {
      title: 'Client',
      cell: ({ name }) => (
        <TextLink to="/settings/access-tokens/$name" params={{ name }} fw={550} inherit>
          {name}
        </TextLink>
      ),
    },
    { title: 'Limits', cell: ({ limits }) => <LimitList limits={limits} /> },
    {
      title: 'Open sessions',
      align: 'right',
      cell: ({ openSessions }) => openSessions.toLocaleString('en'),
    },
    {
      title: 'Actions',
      titleHidden: true,
      align: 'right',
      cell: (client) => (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={`Edit the limits of ${client.name}`}
          onClick={() => setEdited(client)}
        >
          Edit
        </Button>
      ),
    },
  ]
  return (
    <Page
      title="Limits"
      description="What a client may use up, all its sessions together, and when it may do something. What exceeds a limit is refused and on record; a change holds from the next statement on."
    >
      <SearchField
        label="Search clients"
        value={search}
        onSearch={(text) => {
          pages.reset()
          void navigate({ search: text === '' ? {} : { search: text }, replace: true })
        }}
      />
      {clients.error ? (
        <ProblemNotice error={clients.error} />
      ) : (
        <>
          <DataTable
            label="Limits"
            columns={columns}
            rows={clients.data?.items}
            rowKey={({ id }) => id}
            stale={clients.isPlaceholderData}
            minWidth={640}
            empty={
              search === '' ? (
                <Empty icon={IconGauge} title="No clients yet">
                  A client is made on the page Access Tokens; its limits are set here.
                </Empty>
              ) : (
                <Empty icon={IconGauge} title={`No client matches “${search}”`}>
                  The search looks into names and labels.
                </Empty>
              )
            }
          />
          <Pager pages={pages} page={clients.data} noun="client" />
        </>
      )}
      {edited && <ClientLimits client={edited} onClose={() => setEdited(undefined)} />}
    </Page>
  )
}

function LimitList({ limits }: Pick<Client, 'limits'>) {
  const facts = limitFacts(limits)
  if (facts.length === 0)
    return (
      <Text span inherit c="dimmed">
        None
      </Text>
    )
  return facts.map(([label, value]) => `${label}: ${value}`).join(' · ')
}
