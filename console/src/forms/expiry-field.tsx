/** When a token ends: never, after some days, or on a day. */
import { NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { DAY } from '../ui/relative-time.ts'

export interface Expiry {
  readonly choice: 'never' | '30' | '90' | '365' | 'day'
  /** `2030-12-31`, for the choice `day`. */
  readonly day: string
}

export const NEVER: Expiry = { choice: 'never', day: '' }

const CHOICES = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In one year' },
  { value: 'day', label: 'On a day …' },
] as const

interface ExpiryFieldProps {
  readonly value: Expiry
  readonly onChange: (value: Expiry) => void
  readonly error: string | undefined
}

export function ExpiryField({ value, onChange, error }: ExpiryFieldProps) {
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  return (
    <Stack gap="xs">
      <NativeSelect
        label="Access token ends"
        description="You are warned 14, 3 and 1 day before."
        data={CHOICES.map((choice) => ({ ...choice }))}
        value={value.choice}
        error={value.choice === 'day' ? undefined : error}
        onChange={(event) => {
          const choice = CHOICES.find((one) => one.value === event.currentTarget.value)
          if (choice) onChange({ ...value, choice: choice.value })
        }}
      />
      {value.choice === 'day' && (
        <TextInput
          type="date"
          label="Last day"
          value={value.day}
          min={today}
          error={error}
          onChange={(event) => onChange({ ...value, day: event.currentTarget.value })}
        />
      )}
    </Stack>
  )
}

/** ISO 8601; null for never, undefined while no day is chosen. A day lasts until its end. */
export function expiryTime({ choice, day }: Expiry, now: number): string | null | undefined {
  if (choice === 'never') return null
  if (choice !== 'day') return new Date(now + Number(choice) * DAY).toISOString()
  const end = new Date(`${day}T23:59:59`)
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString()
}

/** As the field shows what is set. */
export function expiryOf(expiresAt: string | undefined): Expiry {
  if (expiresAt === undefined) return NEVER
  const date = new Date(expiresAt)
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return { choice: 'day', day: local.toISOString().slice(0, 10) }
}
