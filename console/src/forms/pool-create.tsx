/** Makes a pool. */
import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createPool } from '../api/pools.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.tsx'
import { POOL_FIELDS, PoolLimitFields } from './pool-limits.tsx'
import type { PoolLimits } from './pool-limits.tsx'
import { useIdempotencyKey } from './use-idempotency-key.ts'

export function PoolCreate({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [limits, setLimits] = useState<PoolLimits>({})
  const given = Object.fromEntries(
    Object.entries(limits).filter(([, value]) => value !== undefined),
  )
  const key = useIdempotencyKey({ name, ...given })
  const create = useMutation({
    mutationFn: () => createPool({ name, ...given }, key),
    onSuccess: async () => {
      notifyDone(`Pool ${name} was made.`)
      await queries.invalidateQueries({ queryKey: ['pools'] })
      onClose()
    },
  })
  const { error } = create
  return (
    <FormDialog
      title="Create pool"
      submitLabel="Create pool"
      busy={create.isPending}
      disabled={name === ''}
      error={otherError(error, ['name', ...POOL_FIELDS.map((field) => field.name)])}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Pool name"
        description="a–z, 0–9 and “_”: reports, etl. Sessions choose it by this name."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(error, 'name')}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <PoolLimitFields limits={limits} onChange={setLimits} error={error} />
    </FormDialog>
  )
}
