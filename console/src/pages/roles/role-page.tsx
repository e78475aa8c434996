/** One role: what it may do, who has it, and changing both with the SQL in sight. */
import { Alert, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { dropRole, roleQuery } from '../../api/roles.ts'
import type { RoleDetail } from '../../api/roles.ts'
import { RoleEdit } from '../../forms/role-edit.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { notifyDone } from '../../ui/notify.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { GrantTree } from './grant-tree.tsx'
import { PendingSql } from './pending-sql.tsx'
import { NO_CHANGES, toggled } from './role-change.ts'
import type { RoleChange } from './role-change.ts'
import { RoleMarks } from './role-marks.tsx'
import { RoleMemberships } from './role-memberships.tsx'
import { RoleUsers } from './role-users.tsx'

const route = getRouteApi('/shell/settings/roles/$name')

export function RolePage() {
  const { name } = route.useParams()
  const role = useQuery(roleQuery(name))
  const [dialog, setDialog] = useState<'edit' | 'drop'>()
  const close = () => setDialog(undefined)
  const builtIn = role.data?.builtIn === true ? 'A built-in role stays as it is.' : undefined
  return (
    <Page
      title={name}
      back={<TextLink to="/settings/roles">Roles</TextLink>}
      mark={role.data && <RoleMarks role={role.data} />}
      actions={
        role.data && (
          <RowMenu
            label={`Actions of ${name}`}
            acts={[
              {
                label: 'Edit',
                icon: IconPencil,
                forbidden: builtIn,
                run: () => setDialog('edit'),
              },
              {
                label: 'Drop',
                icon: IconTrash,
                danger: true,
                forbidden: builtIn,
                run: () => setDialog('drop'),
              },
            ]}
          />
        )
      }
    >
      {role.error && !role.data ? (
        <ProblemNotice error={role.error} />
      ) : role.data ? (
        // Another role begins with nothing chosen.
        <RoleBody key={role.data.id} role={role.data} />
      ) : (
        <Skeleton height={420} radius="md" />
      )}
      {dialog === 'edit' && role.data && <RoleEdit role={role.data} onClose={close} />}
      {dialog === 'drop' && role.data && <RoleDrop role={role.data} onClose={close} />}
    </Page>
  )
}

function RoleBody({ role }: { readonly role: RoleDetail }) {
  const [changes, setChanges] = useState(NO_CHANGES)
  const toggle = (change: RoleChange) => setChanges((chosen) => toggled(chosen, change))
  return (
    <Stack gap="lg">
      {role.superuser && (
        <Alert color="orange" p="sm" title="SUPERUSER">
          This role may do everything, on every object, without a grant. Use it for administration,
          not for tools.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <RoleUsers role={role} />
        <RoleMemberships role={role} changes={changes} onToggle={toggle} />
      </SimpleGrid>
      <GrantTree role={role} changes={changes} onToggle={toggle} />
      <PendingSql
        role={role.name}
        changes={changes}
        onDiscard={() => setChanges(NO_CHANGES)}
        onDone={() => setChanges(NO_CHANGES)}
      />
    </Stack>
  )
}

function RoleDrop({ role, onClose }: { readonly role: RoleDetail; readonly onClose: () => void }) {
  const navigate = useNavigate()
  const isUsed = role.clients.total + role.users.total > 0
  return (
    <ConfirmDialog
      title={`Drop role ${role.name}`}
      confirmLabel="Drop role"
      danger
      nameToType={role.name}
      obstacle={
        isUsed ? `${whoHas(role)} Give each of them another role first, or delete them.` : undefined
      }
      act={() => dropRole(role)}
      onDone={() => {
        notifyDone(`Role ${role.name} was dropped.`)
        onClose()
        void navigate({ to: '/settings/roles' })
      }}
      onClose={onClose}
    >
      <Text size="sm">Its grants and memberships are gone for ever.</Text>
    </ConfirmDialog>
  )
}

const NAMES_SHOWN_MAX = 10

/** `Clients with this role: bi, etl.` */
function whoHas({ clients, users }: RoleDetail): string {
  const parts = [
    ['Clients', clients],
    ['Users', users],
  ] as const
  return parts
    .filter(([, { total }]) => total > 0)
    .map(([kind, { names, total }]) => {
      const shown = names.slice(0, NAMES_SHOWN_MAX)
      const others = total - shown.length
      return `${kind} with this role: ${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}.`
    })
    .join(' ')
}
