/** Users: the people who sign in here. */
import { Badge, Button, Text } from '@mantine/core'
import {
  IconLink,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconTrash,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { usersQuery } from '../api/users.ts'
import type { User } from '../api/users.ts'
import { UserActDialog } from '../forms/user-acts.tsx'
import type { UserAct } from '../forms/user-acts.tsx'
import { UserCreate } from '../forms/user-create.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { RowMenu } from '../ui/row-menu.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { PAGE_SIZE, usePages } from '../ui/use-pages.ts'

const route = getRouteApi('/shell/settings/users')
const shell = getRouteApi('/shell')

export function UsersPage() {
  const { me } = shell.useRouteContext()
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const pages = usePages()
  const users = useQuery(usersQuery({ search, after: pages.after, limit: PAGE_SIZE }))
  const [creates, setCreates] = useState(false)
  const [asked, setAsked] = useState<{ readonly act: UserAct; readonly user: User }>()

  const columns: readonly Column<User>[] = [
    {
      title: 'User',
      cell: ({ name }) => (
        <Text span inherit fw={550} style={{ overflowWrap: 'anywhere' }}>
          {name}
          {me.kind === 'user' && me.name === name && (
            <Text span inherit c="dimmed" fw={400}>
              {' '}
              (you)
            </Text>
          )}
        </Text>
      ),
    },
    {
      title: 'Role',
      cell: ({ role }) => (
        <TextLink to="/settings/roles/$name" params={{ name: role }} inherit>
          {role}
        </TextLink>
      ),
    },
    { title: 'State', cell: (user) => <UserState user={user} /> },
    { title: 'Created', cell: ({ createdAt }) => <TimeAgo time={createdAt} /> },
    {
      title: 'Last sign-in',
      cell: ({ lastSignInAt }) =>
        lastSignInAt === undefined ? (
          <Text span inherit c="dimmed">
            Never
          </Text>
        ) : (
          <TimeAgo time={lastSignInAt} />
        ),
    },
    {
      title: 'Actions',
      titleHidden: true,
      align: 'right',
      cell: (user) => {
        const ask = (act: UserAct) => () => setAsked({ act, user })
        return (
          <RowMenu
            label={`Actions of ${user.name}`}
            acts={[
              { label: 'Change role', icon: IconUserShield, run: ask('role') },
              user.hasPassword
                ? { label: 'Make a link to a new password', icon: IconLink, run: ask('link') }
                : { label: 'Make a new invitation', icon: IconLink, run: ask('link') },
              user.enabled
                ? { label: 'Disable', icon: IconPlayerPause, run: ask('disable') }
                : { label: 'Enable', icon: IconPlayerPlay, run: ask('enable') },
              { label: 'Delete', icon: IconTrash, danger: true, run: ask('delete') },
            ]}
          />
        )
      },
    },
  ]
  return (
    <Page
      title="Users"
      description="People who sign in to this console. Tools do not: they have clients."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreates(true)}>
          Create user
        </Button>
      }
    >
      <SearchField
        label="Search users"
        value={search}
        onSearch={(text) => {
          pages.reset()
          void navigate({ search: text === '' ? {} : { search: text }, replace: true })
        }}
      />
      {users.error ? (
        <ProblemNotice error={users.error} />
      ) : (
        <>
          <DataTable
            label="Users"
            columns={columns}
            rows={users.data?.items}
            rowKey={({ id }) => id}
            stale={users.isPlaceholderData}
            minWidth={820}
            empty={
              <Empty icon={IconUsers} title={`No user matches “${search}”`}>
                The search looks into names.
              </Empty>
            }
          />
          <Pager pages={pages} page={users.data} noun="user" />
        </>
      )}
      {creates && <UserCreate onClose={() => setCreates(false)} />}
      {asked && (
        <UserActDialog
          act={asked.act}
          user={asked.user}
          onClose={() => {
            setAsked(undefined)
            void queries.invalidateQueries({ queryKey: ['users'] })
          }}
        />
      )}
    </Page>
  )
}

function UserState({ user: { enabled, hasPassword } }: { readonly user: User }) {
  if (!enabled)
    return (
      <Badge color="gray" variant="light">
        Disabled
      </Badge>
    )
  if (!hasPassword)
    return (
      <Badge color="yellow" variant="light">
        Invited
      </Badge>
    )
  return (
    <Badge color="teal" variant="light">
      Active
    </Badge>
  )
}
