/** The sign of the product. */
import { Group, Text } from '@mantine/core'

export function Brand() {
  return (
    <Group gap={10} wrap="nowrap">
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="var(--mantine-color-gate-6)" />
        <path
          d="M9 24V15a7 7 0 0 1 14 0v9M16 8v16M9 24h14"
          fill="none"
          stroke="#fff"
          strokeWidth="2.4"
          strokeLinecap="round"
        />
      </svg>
      <Text fw={650} fz={17} lts="-0.01em">
        Bluegate
      </Text>
    </Group>
  )
}
