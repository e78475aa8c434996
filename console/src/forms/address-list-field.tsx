/** The addresses a client may come from, one a line. */
import { Textarea } from '@mantine/core'

interface AddressListFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | undefined
}

export function AddressListField({ value, onChange, error }: AddressListFieldProps) {
  return (
    <Textarea
      label="Allowed addresses"
      description="One address or CIDR block a line, such as 10.0.0.0/8. Empty: from anywhere."
      placeholder={'10.0.0.0/8\n192.168.1.20'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  )
}

export function addressesIn(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((address) => address.trim())
    .filter((address) => address !== '')
}
