/** What a role gets from others, and who gets it from this one. */
import { ActionIcon, Button, Group, Paper, Stack, Text, Title, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Membership, RoleDetail } from '../../api/roles.ts'
import { RoleField } from '../../forms/role-field.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { changeKey } from './role-change.ts'
import type { RoleChange, RoleChanges } from './role-change.ts'

interface RoleMembershipsProps {
  readonly role: RoleDetail
  readonly changes: RoleChanges
  readonly onToggle: (change: RoleChange) => void
}

export function RoleMemberships({ role, changes, onToggle }: RoleMembershipsProps) {
  const toOther = (other: string, verb: 'grant' | 'revoke'): RoleChange => ({
    kind: 'membership',
    verb,
    role: other,
    member: role.name,
  })
  const toMember = (member: string, verb: 'grant' | 'revoke'): RoleChange => ({
    kind: 'membership',
    verb,
    role: role.name,
    member,
  })
  return (
    <Paper withBorder p="lg">
      <Stack gap="lg">
        <Members
          title="Members"
          description={`Roles that may also do what ${role.name} may.`}
          addLabel={`Make another role a member of ${role.name}`}
          own={role.name}
          present={role.members}
          changeOf={toMember}
          changes={changes}
          onToggle={onToggle}
        />
        <Members
          title="Member of"
          description={`Roles whose rights ${role.name} also has.`}
          addLabel={`Make ${role.name} a member of another role`}
          own={role.name}
          present={role.memberOf}
          changeOf={toOther}
          changes={changes}
          onToggle={onToggle}
        />
      </Stack>
    </Paper>
  )
}

interface MembersProps {
  readonly title: string
  readonly description: string
  readonly addLabel: string
  readonly own: string
  readonly present: readonly Membership[]
  readonly changeOf: (other: string, verb: 'grant' | 'revoke') => RoleChange
  readonly changes: RoleChanges
  readonly onToggle: (change: RoleChange) => void
}

function Members(props: MembersProps) {
  const { title, description, addLabel, own, present, changeOf, changes, onToggle } = props
  const [adds, setAdds] = useState(false)
  const names = present.map(({ role }) => role)
  const added = [...changes.values()].flatMap((change) => {
    if (change.kind !== 'membership' || change.verb !== 'grant') return []
    const other = change.role === own ? change.member : change.role
    return changeKey(changeOf(other, 'grant')) === changeKey(change) ? [other] : []
  })
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        </div>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={addLabel}
          onClick={() => setAdds(!adds)}
        >
          Add
        </Button>
      </Group>
      {present.length === 0 && added.length === 0 && (
        <Text size="sm" c="dimmed">
          None
        </Text>
      )}
      {present.map(({ role: other, adminOption }) => {
        const change = changeOf(other, 'revoke')
        const isLeaving = changes.has(changeKey(change))
        return (
          <Group key={other} justify="space-between" wrap="nowrap">
            <Text size="sm" td={isLeaving ? 'line-through' : 'none'}>
              <TextLink to="/settings/roles/$name" params={{ name: other }} inherit>
                {other}
              </TextLink>
              {adminOption && (
                <Text span inherit c="dimmed">
                  {' '}
                  with ADMIN OPTION
                </Text>
              )}
            </Text>
            <Toggle isLeaving={isLeaving} other={other} onClick={() => onToggle(change)} />
          </Group>
        )
      })}
      {added.map((other) => (
        <Group key={other} justify="space-between" wrap="nowrap">
          <Text size="sm" fw={550}>
            {other}{' '}
            <Text span inherit c="dimmed" fw={400}>
              (new)
            </Text>
          </Text>
          <Toggle isLeaving other={other} onClick={() => onToggle(changeOf(other, 'grant'))} />
        </Group>
      ))}
      {adds && (
        <RoleField
          label={addLabel}
          value={null}
          without={[own, 'public', ...names, ...added]}
          onChange={(other) => {
            if (other !== null) onToggle(changeOf(other, 'grant'))
            setAdds(false)
          }}
        />
      )}
    </Stack>
  )
}

interface ToggleProps {
  readonly isLeaving: boolean
  readonly other: string
  readonly onClick: () => void
}

function Toggle({ isLeaving, other, onClick }: ToggleProps) {
  const label = isLeaving ? `Take the change of ${other} back` : `Remove ${other}`
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {isLeaving ? <IconArrowBackUp size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  )
}
