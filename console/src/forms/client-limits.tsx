/** What a client may use up, and when it may do something. */
import { SimpleGrid, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeClient } from '../api/clients.ts'
import type { Client, ClientLimits as Limits } from '../api/clients.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { COUNT_LIMITS } from '../ui/limit-words.ts'
import { notifyDone } from '../ui/notify.tsx'
import { LimitField } from './limit-field.tsx'

interface ClientLimitsProps {
  readonly client: Client
  readonly onClose: () => void
}

const NAMES = [...COUNT_LIMITS.map(({ name }) => name), 'hours'] as const

type Typed = { readonly [Name in keyof Limits]: Limits[Name] | undefined }

export function ClientLimits({ client, onClose }: ClientLimitsProps) {
  const queries = useQueryClient()
  const [limits, setLimits] = useState<Typed>(client.limits)
  const changed = NAMES.filter((name) => limits[name] !== client.limits[name])
  const save = useMutation({
    mutationFn: () =>
      changeClient(client, {
        limits: Object.fromEntries(changed.map((name) => [name, limits[name] ?? null])),
      }),
    onSuccess: async () => {
      notifyDone(`The limits of ${client.name} were changed.`)
      await queries.invalidateQueries({ queryKey: ['clients'] })
      onClose()
    },
  })
  const { error } = save
  const errorOf = (name: string) => fieldError(error, `limits.${name}`)
  return (
    <FormDialog
      title={`Limits of ${client.name}`}
      size="lg"
      submitLabel="Save"
      busy={save.isPending}
      disabled={changed.length === 0}
      error={otherError(
        error,
        NAMES.map((name) => `limits.${name}`),
      )}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        {COUNT_LIMITS.map(({ name, label, unit }, index) => (
          <LimitField
            key={name}
            label={label}
            {...(unit === undefined ? {} : { unit })}
            value={limits[name]}
            onChange={(value) => setLimits({ ...limits, [name]: value })}
            error={errorOf(name)}
            autoFocus={index === 0}
          />
        ))}
      </SimpleGrid>
      <TextInput
        label="Hours"
        description="Days, a span of the clock and a time zone: mon-fri 08:00-18:00 Europe/Berlin. Empty: always."
        placeholder="Always"
        value={limits.hours ?? ''}
        onChange={({ currentTarget: { value } }) =>
          setLimits({ ...limits, hours: value === '' ? undefined : value })
        }
        error={errorOf('hours')}
        autoComplete="off"
        spellCheck={false}
      />
    </FormDialog>
  )
}
