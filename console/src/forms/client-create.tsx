/** Create New Client: then Generate Token, which shows it. A role can be made on the spot. */
import { Checkbox, Fieldset, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createClient } from '../api/clients.ts'
import { createRole } from '../api/roles.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { addressesIn, AddressListField } from './address-list-field.tsx'
import { ExpiryField, expiryTime, NEVER } from './expiry-field.tsx'
import { RoleField } from './role-field.tsx'
import { TokenDialog } from './token-dialog.tsx'
import { useIdempotencyKey } from './use-idempotency-key.ts'

const FIRST_DATABASE = 'master'

export function ClientCreate({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [label, setLabel] = useState('')
  const [roleFrom, setRoleFrom] = useState<'existing' | 'new'>('existing')
  const [role, setRole] = useState<string | null>(null)
  const [newRole, setNewRole] = useState('')
  const [mayConnect, setMayConnect] = useState(true)
  const [expiry, setExpiry] = useState(NEVER)
  const [addresses, setAddresses] = useState('')
  const key = useIdempotencyKey({ name, label, role, newRole, expiry, addresses })

  const create = useMutation({
    mutationFn: async () => {
      if (roleFrom === 'new') {
        const connect = mayConnect ? [FIRST_DATABASE] : []
        await createRole({ name: newRole, login: true, connect }, `${key}-role`)
        setRole(newRole) // should the client be refused now, the role is there to be chosen
        setRoleFrom('existing')
      }
      const expiresAt = expiryTime(expiry, Date.now()) ?? undefined
      return await createClient(
        {
          name,
          role: roleFrom === 'new' ? newRole : (role ?? ''),
          ...(label === '' ? {} : { label }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(addresses.trim() === '' ? {} : { allowedAddresses: addressesIn(addresses) }),
        },
        key,
      )
    },
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['clients'] })
      await queries.invalidateQueries({ queryKey: ['roles'] })
    },
  })
  if (create.data) {
    return (
      <TokenDialog
        client={create.data.client.name}
        token={create.data.token}
        said={`${create.data.client.name} is ready. Copy its access token into the tool.`}
        onDone={onClose}
      />
    )
  }
  const { error } = create
  const roleIsKnown = roleFrom === 'existing' ? role !== null : newRole !== ''
  const dayIsMissing = expiryTime(expiry, 0) === undefined
  return (
    <FormDialog
      title="Create New Client"
      submitLabel="Generate Token"
      busy={create.isPending}
      disabled={name === '' || !roleIsKnown || dayIsMissing}
      error={otherError(error, ['name', 'label', 'role', 'expiresAt', 'allowedAddresses'])}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Client Name"
        description="1 to 63 of a–z, 0–9, “_” and “-”, starting with a letter: bi, airflow, r-scripts."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={roleFrom === 'existing' ? fieldError(error, 'name') : undefined}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <TextInput
        label="Label"
        description="Optional: for people, such as “Tableau of the sales team”."
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        error={fieldError(error, 'label')}
        autoComplete="off"
      />
      <Stack gap="xs">
        <SegmentedControl
          aria-label="Where the role comes from"
          value={roleFrom}
          onChange={(value) => setRoleFrom(value === 'new' ? 'new' : 'existing')}
          data={[
            { value: 'existing', label: 'Choose a role' },
            { value: 'new', label: 'Make a new role' },
          ]}
          fullWidth
        />
        {roleFrom === 'existing' ? (
          <RoleField
            label="Client Role"
            description="The client may do what this role may do, and nothing else."
            value={role}
            onChange={setRole}
            without={['public']}
            error={fieldError(error, 'role')}
          />
        ) : (
          <Fieldset legend="New role" p="sm">
            <Stack gap="sm">
              <TextInput
                label="Role name"
                value={newRole}
                onChange={(event) => setNewRole(event.currentTarget.value)}
                error={fieldError(error, 'name')}
                autoComplete="off"
                spellCheck={false}
              />
              <Checkbox
                label={`May connect to database ${FIRST_DATABASE}`}
                checked={mayConnect}
                onChange={(event) => setMayConnect(event.currentTarget.checked)}
              />
              <Text size="xs" c="dimmed">
                It may read no table yet: grant that on its page under Roles.
              </Text>
            </Stack>
          </Fieldset>
        )}
      </Stack>
      <ExpiryField value={expiry} onChange={setExpiry} error={fieldError(error, 'expiresAt')} />
      <AddressListField
        value={addresses}
        onChange={setAddresses}
        error={fieldError(error, 'allowedAddresses')}
      />
    </FormDialog>
  )
}
