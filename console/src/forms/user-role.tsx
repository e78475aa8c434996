/** Gives a user another role. */
import { Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeUserRole } from '../api/users.ts'
import type { User } from '../api/users.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.tsx'
import { RoleField } from './role-field.tsx'

export function UserRole({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [role, setRole] = useState<string | null>(user.role)
  const change = useMutation({
    mutationFn: () => changeUserRole(user, role ?? ''),
    onSuccess: async () => {
      notifyDone(`${user.name} has the role ${role} now.`)
      await queries.invalidateQueries({ queryKey: ['users'] })
      onClose()
    },
  })
  return (
    <FormDialog
      title={`Role of ${user.name}`}
      submitLabel="Change role"
      busy={change.isPending}
      disabled={role === null || role === user.role}
      error={otherError(change.error, ['role'])}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        {user.name} is signed out everywhere, and has the new role from the next sign-in on.
      </Text>
      <RoleField
        label="Role"
        value={role}
        onChange={setRole}
        without={['public']}
        error={fieldError(change.error, 'role')}
        autoFocus
      />
    </FormDialog>
  )
}
