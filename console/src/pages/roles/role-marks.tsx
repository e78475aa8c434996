/** What a role is, in badges. */
import { Badge, Group, Text } from '@mantine/core'
import type { Role } from '../../api/roles.ts'

export function RoleMarks({ role }: { readonly role: Role }) {
  const marks = MARKS.filter(([key]) => role[key])
  if (marks.length === 0) {
    return (
      <Text span inherit c="dimmed">
        Group (no login)
      </Text>
    )
  }
  return (
    <Group gap={6}>
      {marks.map(([key, label, color]) => (
        <Badge key={key} color={color} variant="light">
          {label}
        </Badge>
      ))}
    </Group>
  )
}

const MARKS = [
  ['superuser', 'SUPERUSER', 'red'],
  ['clusterAdmin', 'CLUSTERADMIN', 'grape'],
  ['login', 'LOGIN', 'gray'],
  ['builtIn', 'built in', 'gate'],
] as const
