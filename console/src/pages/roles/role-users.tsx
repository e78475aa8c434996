/** Who has a role. */
import { Group, Paper, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import type { Names, RoleDetail } from '../../api/roles.ts'
import { Facts } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/text-link.tsx'

export function RoleUsers({ role: { clients, users } }: { readonly role: RoleDetail }) {
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="md">
        Who uses it
      </Title>
      <Facts
        facts={[
          [
            'Clients',
            <Listed
              key="clients"
              names={clients}
              none="No client has this role."
              link={(name) => (
                <TextLink to="/settings/access-tokens/$name" params={{ name }} inherit>
                  {name}
                </TextLink>
              )}
            />,
          ],
          [
            'Users',
            <Listed
              key="users"
              names={users}
              none="No user has this role."
              link={(name) => (
                <TextLink to="/settings/users" search={{ search: name }} inherit>
                  {name}
                </TextLink>
              )}
            />,
          ],
        ]}
      />
    </Paper>
  )
}

interface ListedProps {
  readonly names: Names
  readonly none: string
  readonly link: (name: string) => React.ReactNode
}

const SHOWN_MAX = 20

function Listed({ names: { names, total }, none, link }: ListedProps) {
  if (total === 0) {
    return (
      <Text span inherit c="dimmed">
        {none}
      </Text>
    )
  }
  const shown = names.slice(0, SHOWN_MAX)
  return (
    <Group gap="xs">
      {shown.map((name) => (
        <Fragment key={name}>{link(name)}</Fragment>
      ))}
      {total > shown.length && (
        <Text span inherit c="dimmed">
          and {(total - shown.length).toLocaleString('en')} more
        </Text>
      )}
    </Group>
  )
}
