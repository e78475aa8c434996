/** Roles: what clients and users may do. */
import { Button, Text } from '@mantine/core'
import { IconPlus, IconShieldLock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { rolesQuery } from '../../api/roles.ts'
import type { Role } from '../../api/roles.ts'
import { RoleCreate } from '../../forms/role-create.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { PAGE_SIZE, usePages } from '../../ui/use-pages.ts'
import { RoleMarks } from './role-marks.tsx'

const route = getRouteApi('/shell/settings/roles')

const COLUMNS: readonly Column<Role>[] = [
  {
    title: 'Role',
    cell: ({ name }) => (
      <TextLink to="/settings/roles/$name" params={{ name }} fw={550} inherit>
        {name}
      </TextLink>
    ),
  },
  { title: 'Attributes', cell: (role) => <RoleMarks role={role} /> },
  {
    title: 'Member of',
    cell: ({ memberOf }) =>
      memberOf.length === 0 ? (
        <Text span inherit c="dimmed">
          –
        </Text>
      ) : (
        memberOf.map(({ role }) => role).join(', ')
      ),
  },
]

export function RolesPage() {
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const pages = usePages()
  const roles = useQuery(rolesQuery({ search, after: pages.after, limit: PAGE_SIZE }))
  const [creates, setCreates] = useState(false)
  return (
    <Page
      title="Roles"
      description="A role says what may be done; clients and users get it from theirs. What no role was granted, nobody may."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreates(true)}>
          Create role
        </Button>
      }
    >
      <SearchField
        label="Search roles"
        value={search}
        onSearch={(text) => {
          pages.reset()
          void navigate({ search: text === '' ? {} : { search: text }, replace: true })
        }}
      />
      {roles.error ? (
        <ProblemNotice error={roles.error} />
      ) : (
        <>
          <DataTable
            label="Roles"
            columns={COLUMNS}
            rows={roles.data?.items}
            rowKey={({ id }) => id}
            stale={roles.isPlaceholderData}
            minWidth={560}
            empty={
              <Empty icon={IconShieldLock} title={`No role matches “${search}”`}>
                The search looks into names. Create a role with this name, or search for another.
              </Empty>
            }
          />
          <Pager pages={pages} page={roles.data} noun="role" />
        </>
      )}
      {creates && <RoleCreate onClose={() => setCreates(false)} />}
    </Page>
  )
}
