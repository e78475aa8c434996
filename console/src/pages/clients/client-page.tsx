/** One client. */
import { Group, Skeleton, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { clientQuery } from '../../api/clients.ts'
import { useClientActs } from '../../forms/client-acts.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { ClientState, ExpiryMark } from './client-state.tsx'

const route = getRouteApi('/shell/settings/access-tokens/$name')

const TABS = [
  { value: 'overview', label: 'Overview', to: '/settings/access-tokens/$name' },
  { value: 'connect', label: 'Connect', to: '/settings/access-tokens/$name/connect' },
  { value: 'sessions', label: 'Sessions', to: '/settings/access-tokens/$name/sessions' },
] as const

export function ClientPage() {
  const { name } = route.useParams()
  const client = useQuery(clientQuery(name))
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const { actsOf, dialog } = useClientActs(() => void navigate({ to: '/settings/access-tokens' }))
  const tab = TABS.find(({ value }) => pathname.endsWith(`/${value}`)) ?? TABS[0]

  return (
    <Page
      title={name}
      description={client.data?.label}
      mark={
        client.data && (
          <Group gap={6}>
            <ClientState client={client.data} />
            <ExpiryMark client={client.data} />
          </Group>
        )
      }
      actions={client.data && <RowMenu label={`Actions of ${name}`} acts={actsOf(client.data)} />}
      back={<TextLink to="/settings/access-tokens">Access Token Management</TextLink>}
    >
      {client.error ? (
        <ProblemNotice error={client.error} />
      ) : (
        <Tabs
          value={tab.value}
          onChange={(value) => {
            const chosen = TABS.find((one) => one.value === value)
            if (chosen) void navigate({ to: chosen.to, params: { name } })
          }}
        >
          <Tabs.List mb="lg">
            {TABS.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={tab.value} tabIndex={-1}>
            {client.data ? <Outlet /> : <Skeleton height={280} radius="md" />}
          </Tabs.Panel>
        </Tabs>
      )}
      {dialog}
    </Page>
  )
}
