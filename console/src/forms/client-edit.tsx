/** Changes what can be changed of a client: all but its name. */
import { Alert, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../api/api-error.ts'
import { changeClient, clientQuery } from '../api/clients.ts'
import type { Client, ClientChange } from '../api/clients.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.tsx'
import { addressesIn, AddressListField } from './address-list-field.tsx'
import { ExpiryField, expiryOf, expiryTime } from './expiry-field.tsx'
import { RoleField } from './role-field.tsx'

interface ClientEditProps {
  readonly client: Client
  readonly onClose: () => void
}

export function ClientEdit({ client, onClose }: ClientEditProps) {
  const queries = useQueryClient()
  const [label, setLabel] = useState(client.label ?? '')
  const [role, setRole] = useState<string | null>(client.role)
  const [expiry, setExpiry] = useState(() => expiryOf(client.token.expiresAt))
  const [addresses, setAddresses] = useState(client.allowedAddresses.join('\n'))
  /** What the change is meant for. */
  const [before, setBefore] = useState(client)

  const change: ClientChange = {
    ...(label === (before.label ?? '') ? {} : { label }),
    ...(role === null || role === before.role ? {} : { role }),
    ...(addressesIn(addresses).join() === before.allowedAddresses.join()
      ? {}
      : { allowedAddresses: addressesIn(addresses) }),
    ...expiryChange(),
  }

  function expiryChange(): ClientChange {
    const shown = expiryOf(before.token.expiresAt)
    if (shown.choice === expiry.choice && shown.day === expiry.day) return {}
    const expiresAt = expiryTime(expiry, Date.now())
    return expiresAt === undefined ? {} : { expiresAt }
  }

  /** What was typed stays; everything else is shown as it is now, and the next Save is meant for that. */
  async function showNewest(): Promise<void> {
    const newest = await queries.fetchQuery({ ...clientQuery(client.name), staleTime: 0 })
    if (change.label === undefined) setLabel(newest.label ?? '')
    if (change.role === undefined) setRole(newest.role)
    if (change.expiresAt === undefined) setExpiry(expiryOf(newest.token.expiresAt))
    if (change.allowedAddresses === undefined) setAddresses(newest.allowedAddresses.join('\n'))
    setBefore(newest)
  }

  const save = useMutation({
    mutationFn: () => changeClient(before, change),
    onError: async (thrown) => {
      if (thrown instanceof ApiError && thrown.isConflict) await showNewest()
    },
    onSuccess: async () => {
      notifyDone(`${client.name} was changed.`)
      await queries.invalidateQueries({ queryKey: ['clients'] })
      onClose()
    },
  })
  const { error } = save
  return (
    <FormDialog
      title={`Edit ${client.name}`}
      submitLabel="Save"
      busy={save.isPending}
      disabled={Object.keys(change).length === 0 || expiryTime(expiry, 0) === undefined}
      error={otherError(error, ['label', 'role', 'expiresAt', 'allowedAddresses'])}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Label"
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        error={fieldError(error, 'label')}
        autoComplete="off"
        data-autofocus
      />
      <RoleField
        label="Client Role"
        value={role}
        onChange={setRole}
        without={['public']}
        error={fieldError(error, 'role')}
      />
      {change.role !== undefined && client.openSessions > 0 && (
        <Alert color="orange" p="sm">
          {sessionsWord(client.openSessions)} of {client.name} will be ended: they run with the role{' '}
          {client.role}.
        </Alert>
      )}
      <ExpiryField value={expiry} onChange={setExpiry} error={fieldError(error, 'expiresAt')} />
      <AddressListField
        value={addresses}
        onChange={setAddresses}
        error={fieldError(error, 'allowedAddresses')}
      />
    </FormDialog>
  )
}

function sessionsWord(count: number): string {
  return count === 1 ? 'The open session' : `The ${count} open sessions`
}
