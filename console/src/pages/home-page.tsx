/** For those without the Settings pages: what they can do here. */
import { Alert, Code, List, Paper, Stack, Text, Title } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Page } from '../ui/page.tsx'
import { TextLink } from '../ui/text-link.tsx'

const shell = getRouteApi('/shell')

export function HomePage() {
  const { me } = shell.useRouteContext()
  return (
    <Page title={`Hello ${me.name}`} description={`You are signed in with the role ${me.role}.`}>
      <Paper withBorder p="lg" maw="44rem">
        <Stack gap="sm">
          <Title order={2} size="h4">
            What you can do
          </Title>
          <List size="sm" spacing="xs">
            <List.Item>
              <TextLink to="/data" underline="always">
                Load a file
              </TextLink>{' '}
              into a table, where the role {me.role} may.
            </List.Item>
            <List.Item>
              Run SQL in your own name, over HTTPS: <Code>POST /api/v1/sql</Code>. You see and
              change what the role {me.role} may.
            </List.Item>
            <List.Item>Change your password, in the menu with your name.</List.Item>
          </List>
          <Alert color="gray" p="sm">
            <Text size="sm">
              Clients, roles, users and the audit are for administrators. If you need an access
              token for a tool, ask one: the role of an administrator has CLUSTERADMIN.
            </Text>
          </Alert>
        </Stack>
      </Paper>
    </Page>
  )
}
