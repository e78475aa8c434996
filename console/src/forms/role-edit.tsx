/** A role's name and attributes. */
import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { changeRole } from '../api/roles.ts'
import type { RoleAttributes, RoleDetail } from '../api/roles.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.tsx'

interface RoleEditProps {
  readonly role: RoleDetail
  readonly onClose: () => void
}

const ATTRIBUTES = [
  ['login', 'LOGIN', 'Clients and users with this role may get in.'],
  ['superuser', 'SUPERUSER', 'May do everything in SQL, on every object, without a grant.'],
  ['clusterAdmin', 'CLUSTERADMIN', 'Its users see these Settings pages.'],
] as const

export function RoleEdit({ role, onClose }: RoleEditProps) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(role.name)
  const [attributes, setAttributes] = useState<Required<RoleAttributes>>({
    login: role.login,
    superuser: role.superuser,
    clusterAdmin: role.clusterAdmin,
  })
  const changed = ATTRIBUTES.filter(([key]) => attributes[key] !== role[key])
  const change = {
    ...(name === role.name ? {} : { name }),
    ...Object.fromEntries(changed.map(([key]) => [key, attributes[key]])),
  }
  const save = useMutation({
    mutationFn: () => changeRole(role, change),
    onSuccess: async () => {
      notifyDone(`Role ${name} was changed.`)
      onClose()
      if (name !== role.name) {
        await navigate({ to: '/settings/roles/$name', params: { name }, replace: true })
      }
      await queries.invalidateQueries({ queryKey: ['roles'] })
    },
  })
  const { error } = save
  return (
    <FormDialog
      title={`Edit role ${role.name}`}
      submitLabel="Save"
      busy={save.isPending}
      disabled={Object.keys(change).length === 0 || name === ''}
      error={otherError(error, ['name'])}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Role name"
        description="Clients, users and grants follow a new name by themselves."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(error, 'name')}
        disabled={role.builtIn}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <Stack gap="sm">
        {ATTRIBUTES.map(([key, label, description]) => (
          <Checkbox
            key={key}
            label={label}
            description={description}
            checked={attributes[key]}
            disabled={role.builtIn}
            onChange={(event) =>
              setAttributes({ ...attributes, [key]: event.currentTarget.checked })
            }
          />
        ))}
      </Stack>
    </FormDialog>
  )
}
