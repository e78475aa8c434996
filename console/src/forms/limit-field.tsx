/** A limit that is a whole number; empty for none. */
import { NumberInput } from '@mantine/core'

interface LimitFieldProps {
  readonly label: string
  readonly description?: string
  /** Behind the number: `s`. */
  readonly unit?: string
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
  readonly error: string | undefined
  readonly autoFocus?: boolean
}

export function LimitField(props: LimitFieldProps) {
  const { label, description, unit = '', value, onChange, error, autoFocus = false } = props
  return (
    <NumberInput
      label={label}
      description={description}
      placeholder="No limit"
      value={value ?? ''}
      onChange={(typed) => onChange(typed === '' ? undefined : Number(typed))}
      error={error}
      allowDecimal={false}
      allowNegative={false}
      thousandSeparator=" "
      suffix={unit === '' ? '' : ` ${unit}`}
      hideControls
      inputMode="numeric"
      {...(autoFocus ? { 'data-autofocus': true } : {})}
    />
  )
}
