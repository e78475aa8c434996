/** The limits of a pool, as fields. */
import { fieldError } from '../ui/field-errors.ts'
import { LimitField } from './limit-field.tsx'

export interface PoolLimits {
  readonly concurrency?: number | undefined
  readonly queueWaitSeconds?: number | undefined
  readonly runSeconds?: number | undefined
}

export const POOL_FIELDS = [
  {
    name: 'concurrency',
    label: 'Statements at once',
    description: 'Sessions whose statements run at the same time; the others wait in line.',
  },
  {
    name: 'queueWaitSeconds',
    label: 'Longest wait',
    description: 'A statement that waits for longer is refused. 0: it never waits.',
    unit: 's',
  },
  {
    name: 'runSeconds',
    label: 'Longest run',
    description: 'A statement that runs for longer is stopped. Reading its rows is part of it.',
    unit: 's',
  },
] as const

interface PoolLimitFieldsProps {
  readonly limits: PoolLimits
  readonly onChange: (limits: PoolLimits) => void
  readonly error: unknown
}

export function PoolLimitFields({ limits, onChange, error }: PoolLimitFieldsProps) {
  return POOL_FIELDS.map(({ name, ...field }) => (
    <LimitField
      key={name}
      {...field}
      value={limits[name]}
      onChange={(value) => onChange({ ...limits, [name]: value })}
      error={fieldError(error, name)}
    />
  ))
}
