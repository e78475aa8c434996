/** Access Token Management: every client, its token, and what can be done with it. */
import { Button, Radio, Stack, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { clientsQuery } from '../../api/clients.ts'
import type { Client, TokenInfo } from '../../api/clients.ts'
import { useClientActs } from '../../forms/client-acts.tsx'
import { ClientCreate } from '../../forms/client-create.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Mono } from '../../ui/mono.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { TimeAgo, TimeUntil } from '../../ui/time-ago.tsx'
import { givenName, toolName } from '../../ui/tool-name.ts'
import { PAGE_SIZE, usePages } from '../../ui/use-pages.ts'
import { ClientState, ExpiryMark } from './client-state.tsx'

const route = getRouteApi('/shell/settings/access-tokens')

export function ClientsPage() {
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const pages = usePages()
  const clients = useQuery(clientsQuery({ search, after: pages.after, limit: PAGE_SIZE }))
  const [creates, setCreates] = useState(false)
  const { actsOf, ask, dialog } = useClientActs()

  const columns: readonly Column<Client>[] = [
    { title: 'Client', cell: (client) => <NameCell client={client} /> },
    {
      title: 'Role',
      cell: ({ role }) => (
        <TextLink to="/settings/roles/$name" params={{ name: role }} inherit>
          {role}
        </TextLink>
      ),
    },
    { title: 'State', cell: (client) => <ClientState client={client} /> },
    { title: 'Created', cell: ({ createdAt }) => <TimeAgo time={createdAt} /> },
    { title: 'Ends', cell: (client) => <EndsCell client={client} /> },
    { title: 'Last used', cell: (client) => <LastUses client={client} /> },
    {
      title: 'Sessions',
      align: 'right',
      cell: ({ name, openSessions }) =>
        openSessions === 0 ? (
          <Text span inherit c="dimmed">
            0
          </Text>
        ) : (
          <TextLink to="/settings/access-tokens/$name/sessions" params={{ name }} inherit>
            {openSessions}
          </TextLink>
        ),
    },
    {
      title: 'Jobs',
      cell: (client) => (
        <Radio
          name="jobs"
          aria-label={`Run Jobs as ${client.name}`}
          checked={client.jobs}
          onChange={() => ask('designate', client)}
        />
      ),
    },
    {
      title: 'Actions',
      titleHidden: true,
      align: 'right',
      cell: (client) => <RowMenu label={`Actions of ${client.name}`} acts={actsOf(client)} />,
    },
  ]
  return (
    <Page
      title="Access Token Management"
      description="A client for each tool: its access token lets the tool in, its role says what it may do."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreates(true)}>
          Create New Client
        </Button>
      }
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
            label="Clients"
            columns={columns}
            rows={clients.data?.items}
            rowKey={({ id }) => id}
            stale={clients.isPlaceholderData}
            minWidth={960}
            empty={
              search === '' ? (
                <Empty icon={IconKey} title="No client yet">
                  Create one for the first tool, such as Tableau or a script: you get its access
                  token and the lines to connect with.
                </Empty>
              ) : (
                <Empty icon={IconKey} title={`No client matches “${search}”`}>
                  The search looks into names and labels.
                </Empty>
              )
            }
          />
          <Pager pages={pages} page={clients.data} noun="client" />
        </>
      )}
      {creates && <ClientCreate onClose={() => setCreates(false)} />}
      {dialog}
    </Page>
  )
}

function NameCell({ client: { name, label, previousToken } }: { readonly client: Client }) {
  return (
    <>
      <TextLink to="/settings/access-tokens/$name" params={{ name }} fw={550} inherit>
        {name}
      </TextLink>
      {label !== undefined && (
        <Text size="xs" c="dimmed" lineClamp={2}>
          {label}
        </Text>
      )}
      {previousToken && (
        <Text size="xs" c="dimmed">
          Old token still works
        </Text>
      )}
    </>
  )
}

function EndsCell({ client }: { readonly client: Client }) {
  const { expiresAt } = client.token
  if (expiresAt !== undefined) {
    return (
      <Stack gap={2} align="flex-start">
        <TimeUntil time={expiresAt} />
        <ExpiryMark client={client} />
      </Stack>
    )
  }
  return (
    <Text span inherit c="dimmed">
      Never
    </Text>
  )
}

function LastUses({ client: { token, previousToken } }: { readonly client: Client }) {
  if (!previousToken) return <LastUse token={token} />
  return (
    <>
      New token: <LastUse token={token} />
      <div>
        Old token: <LastUse token={previousToken} />
      </div>
    </>
  )
}

function LastUse({ token }: { readonly token: TokenInfo }) {
  if (!token.lastUse) {
    return (
      <Text span inherit c="dimmed">
        Never
      </Text>
    )
  }
  const { at, address, tool } = token.lastUse
  return (
    <>
      <TimeAgo time={at} />
      <Text size="xs" c="dimmed" truncate maw={180} title={`${address} ${toolName(tool)}`}>
        <Mono>{address}</Mono>
        {givenName(tool) !== undefined && ` · ${tool}`}
      </Text>
    </>
  )
}
