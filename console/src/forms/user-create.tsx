/** Invites a person: a name, a role, and then the link to hand over. */
import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createUser } from '../api/users.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { OneTimeLinkDialog } from './one-time-link-dialog.tsx'
import { RoleField } from './role-field.tsx'
import { useIdempotencyKey } from './use-idempotency-key.ts'

const NAME_HINTS = {
  duplicate_object:
    'Choose another name for this user: no other user and no client may have the same.',
}

export function UserCreate({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<string | null>(null)
  const key = useIdempotencyKey({ name, role })
  const create = useMutation({
    mutationFn: () => createUser({ name, role: role ?? '' }, key),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  })
  if (create.data) {
    const { user, link } = create.data
    return <OneTimeLinkDialog userName={user.name} link={link} onDone={onClose} />
  }
  const { error } = create
  return (
    <FormDialog
      title="Create user"
      submitLabel="Create user"
      busy={create.isPending}
      disabled={name.trim() === '' || role === null}
      error={otherError(error, ['name', 'role'])}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="User name"
        description="What this person signs in with; an e-mail address is usual."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(error, 'name', NAME_HINTS)}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <RoleField
        label="Role"
        description="Exactly one. Only roles with CLUSTERADMIN see the Settings pages."
        value={role}
        onChange={setRole}
        without={['public']}
        error={fieldError(error, 'role')}
      />
    </FormDialog>
  )
}
