/** The type of a column of a new table: those that text can be loaded into. */
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'

const TYPES = [
  'VARCHAR',
  'BOOLEAN',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'DOUBLE',
  'FLOAT',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'UUID',
] as const

const DECIMAL = 'DECIMAL'
const FIRST_DECIMAL = '18,2'

interface TypeFieldProps {
  /** For those who cannot see below which column it stands. */
  readonly column: string
  readonly value: string
  readonly disabled: boolean
  readonly isWrong: boolean
  readonly onChange: (type: string) => void
}

export function TypeField({ column, value, disabled, isWrong, onChange }: TypeFieldProps) {
  const isDecimal = value.startsWith(DECIMAL)
  const isListed = isDecimal || TYPES.some((type) => type === value)
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={`Type of ${column}`}
        data={[...TYPES, DECIMAL, ...(isListed ? [] : [value])]}
        value={isDecimal ? DECIMAL : value}
        disabled={disabled}
        error={isWrong && !disabled}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          onChange(chosen === DECIMAL ? `${DECIMAL}(${FIRST_DECIMAL})` : chosen)
        }}
      />
      {isDecimal && (
        <DigitsField column={column} value={value} disabled={disabled} onChange={onChange} />
      )}
    </>
  )
}

/** `18,2`: eighteen digits, two of them behind the point. */
function DigitsField({ column, value, disabled, onChange }: Omit<TypeFieldProps, 'isWrong'>) {
  const digits = /\((.*)\)/.exec(value)?.[1] ?? ''
  const [typed, setTyped] = useState(digits)
  const isRight = isDigits(typed)
  return (
    <TextInput
      size="xs"
      mt={6}
      aria-label={`Digits of ${column}, and those behind the point`}
      value={typed}
      disabled={disabled}
      error={isRight ? undefined : 'Such as 18,2: at most 38 digits.'}
      onChange={(event) => {
        const next = event.currentTarget.value
        setTyped(next)
        if (isDigits(next)) onChange(`${DECIMAL}(${next.replaceAll(' ', '')})`)
      }}
    />
  )
}

const DIGITS_MAX = 38

function isDigits(text: string): boolean {
  const [, all = '', behind = '0'] = /^ *(\d{1,2}) *(?:, *(\d{1,2}) *)?$/.exec(text) ?? []
  return Number(all) >= 1 && Number(all) <= DIGITS_MAX && Number(behind) <= Number(all)
}
