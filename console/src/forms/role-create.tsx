/** Makes a role. */
import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { createRole } from '../api/roles.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useIdempotencyKey } from './use-idempotency-key.ts'

const FIRST_DATABASE = 'master'

export function RoleCreate({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [login, setLogin] = useState(true)
  const [mayConnect, setMayConnect] = useState(true)
  const key = useIdempotencyKey({ name, login, mayConnect })
  const create = useMutation({
    mutationFn: () => createRole({ name, login, connect: mayConnect ? [FIRST_DATABASE] : [] }, key),
    onSuccess: async (role) => {
      await queries.invalidateQueries({ queryKey: ['roles'] })
      onClose()
      await navigate({ to: '/settings/roles/$name', params: { name: role.name } })
    },
  })
  const { error } = create
  return (
    <FormDialog
      title="Create role"
      submitLabel="Create role"
      busy={create.isPending}
      disabled={name === ''}
      error={otherError(error, ['name'])}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Role name"
        description="A–Z, a–z, 0–9, “_”, “.”, “@” and “-”: readers, sales, etl."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(error, 'name')}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <Stack gap="sm">
        <Checkbox
          label="May log in"
          description="Needed by clients and users; a role that only groups others needs it not."
          checked={login}
          onChange={(event) => setLogin(event.currentTarget.checked)}
        />
        <Checkbox
          label={`May connect to database ${FIRST_DATABASE}`}
          description="It may read no table yet: you grant that next."
          checked={mayConnect}
          onChange={(event) => setMayConnect(event.currentTarget.checked)}
        />
      </Stack>
    </FormDialog>
  )
}
