/** The dialogs for what is done with a pool. */
import { Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { changePool, dropPool } from '../api/pools.ts'
import type { Pool } from '../api/pools.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { otherError } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.tsx'
import { POOL_FIELDS, PoolLimitFields } from './pool-limits.tsx'
import type { PoolLimits } from './pool-limits.tsx'

export type PoolAct = 'edit' | 'default' | 'drop'

interface PoolActDialogProps {
  readonly act: PoolAct
  readonly pool: Pool
  readonly onClose: () => void
}

export function PoolActDialog({ act, pool, onClose }: PoolActDialogProps) {
  const { name } = pool
  const done = (message: string) => {
    notifyDone(message)
    onClose()
  }
  switch (act) {
    case 'edit':
      return <PoolEdit pool={pool} onClose={onClose} />
    case 'default':
      return (
        <ConfirmDialog
          title={`Make ${name} the default pool`}
          confirmLabel="Make default"
          act={() => changePool(pool, { isDefault: true })}
          onDone={() => done(`Pool ${name} is the default one now.`)}
          onClose={onClose}
        >
          <Text size="sm">
            Sessions that chose no pool are in {name} from their next statement on.
          </Text>
        </ConfirmDialog>
      )
    case 'drop':
      return (
        <ConfirmDialog
          title={`Drop pool ${name}`}
          confirmLabel="Drop pool"
          danger
          nameToType={name}
          act={() => dropPool(pool)}
          onDone={() => done(`Pool ${name} was dropped.`)}
          onClose={onClose}
        >
          <Text size="sm">
            Statements that wait in it are refused; those that run go on. Sessions that chose it get
            an error until they choose another one.
          </Text>
        </ConfirmDialog>
      )
  }
}

function PoolEdit({ pool, onClose }: Omit<PoolActDialogProps, 'act'>) {
  const { name } = pool
  const [limits, setLimits] = useState<PoolLimits>(pool)
  const changed = POOL_FIELDS.filter((field) => limits[field.name] !== pool[field.name])
  const save = useMutation({
    mutationFn: () =>
      changePool(
        pool,
        Object.fromEntries(changed.map((field) => [field.name, limits[field.name] ?? null])),
      ),
    onSuccess: () => {
      notifyDone(`Pool ${name} was changed.`)
      onClose()
    },
  })
  const { error } = save
  return (
    <FormDialog
      title={`Edit pool ${name}`}
      submitLabel="Save"
      busy={save.isPending}
      disabled={changed.length === 0}
      error={otherError(
        error,
        POOL_FIELDS.map((field) => field.name),
      )}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <PoolLimitFields limits={limits} onChange={setLimits} error={error} />
    </FormDialog>
  )
}
