/** The rows are there: where, and what comes next. */
import { Alert, Group, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import type { Load } from '../../api/loads.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { fullName, sqlName } from './load-choice.ts'

const shell = getRouteApi('/shell')

export function LoadSuccess({ load }: { readonly load: Load }) {
  const { me } = shell.useRouteContext()
  const { table, mode, rowsLoaded } = load
  if (!table) return null
  const rows = rowCount(rowsLoaded)
  const verb = rowsLoaded === 1 ? 'is' : 'are'
  return (
    <Stack gap="md">
      <Alert
        color="teal"
        role="status"
        icon={<IconCheck aria-hidden />}
        title={
          mode === 'append'
            ? `${rows} ${rowsLoaded === 1 ? 'was' : 'were'} added to ${fullName(table)}`
            : `${rows} ${verb} in ${fullName(table)}`
        }
      >
        <Text size="sm">
          {mode === 'append'
            ? 'Whoever may read the table sees them now.'
            : 'You may read and change it; others may when a role of theirs is granted SELECT on it.'}
        </Text>
      </Alert>
      <CodeBlock label="Look at it" text={`SELECT * FROM ${sqlName(table)} LIMIT 10`} />
      {mode === 'create' && !me.superuser && (
        <Text size="sm" c="dimmed">
          Should a tool read it, ask an administrator to grant SELECT on it to the role of that
          tool.
        </Text>
      )}
      {me.clusterAdmin && (
        <Group gap="xs">
          <LinkButton to="/settings/roles" variant="default">
            Let a role read it
          </LinkButton>
          <LinkButton to="/settings/access-tokens" variant="default">
            Connect a tool
          </LinkButton>
        </Group>
      )}
    </Stack>
  )
}

/** `3,376 rows` */
export function rowCount(rows = 0): string {
  return `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`
}
