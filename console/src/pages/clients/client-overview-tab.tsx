/** What there is to know of a client and its token. */
import { Alert, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconPencil, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { clientQuery } from '../../api/clients.ts'
import type { Client, TokenInfo } from '../../api/clients.ts'
import { ClientLimits } from '../../forms/client-limits.tsx'
import { useClientActs } from '../../forms/client-acts.tsx'
import { Facts } from '../../ui/facts.tsx'
import { limitFacts } from '../../ui/limit-words.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { Mono } from '../../ui/mono.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { TimeAgo, TimeUntil } from '../../ui/time-ago.tsx'
import { toolName } from '../../ui/tool-name.ts'

const route = getRouteApi('/shell/settings/access-tokens/$name')

type TokenUse = NonNullable<TokenInfo['lastUse']>

export function ClientOverviewTab() {
  const { name } = route.useParams()
  const { data: client } = useQuery(clientQuery(name))
  const { ask, dialog } = useClientActs()
  const [limiting, setLimiting] = useState(false)
  if (!client) return null
  const facts = limitFacts(client.limits)
  return (
    <Stack gap="lg">
      {client.previousToken ? (
        <TwoTokens
          token={client.token}
          previous={client.previousToken}
          onEnd={() => ask('end-previous', client)}
        />
      ) : (
        !client.token.lastUse && client.enabled && <NotYetUsed name={name} />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Paper withBorder p="lg">
          <Group justify="space-between" mb="md">
            <Title order={2} size="h4">
              Client
            </Title>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPencil size={14} aria-hidden />}
              onClick={() => ask('edit', client)}
            >
              Edit
            </Button>
          </Group>
          <ClientFacts client={client} />
        </Paper>
        <Paper withBorder p="lg">
          <Group justify="space-between" mb="md">
            <Title order={2} size="h4">
              {client.previousToken ? 'New access token' : 'Access token'}
            </Title>
            <Group gap={4}>
              <Button size="compact-sm" variant="subtle" onClick={() => ask('show', client)}>
                Show
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                onClick={() => ask('regenerate', client)}
              >
                Regenerate
              </Button>
            </Group>
          </Group>
          <TokenFacts token={client.token} />
        </Paper>
        <Paper withBorder p="lg">
          <Group justify="space-between" mb="md">
            <Title order={2} size="h4">
              Limits
            </Title>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPencil size={14} aria-hidden />}
              aria-label="Edit limits"
              onClick={() => setLimiting(true)}
            >
              Edit
            </Button>
          </Group>
          {facts.length === 0 ? (
            <Text size="sm" c="dimmed">
              It may use what it needs, at any time.
            </Text>
          ) : (
            <Facts facts={facts} />
          )}
        </Paper>
      </SimpleGrid>
      {dialog}
      {limiting && <ClientLimits client={client} onClose={() => setLimiting(false)} />}
    </Stack>
  )
}

function ClientFacts({ client }: { readonly client: Client }) {
  return (
    <Facts
      facts={[
        [
          'Role',
          <TextLink key="role" to="/settings/roles/$name" params={{ name: client.role }} inherit>
            {client.role}
          </TextLink>,
        ],
        ['Label', client.label ?? <None key="label" />],
        [
          'Allowed addresses',
          client.allowedAddresses.length === 0 ? (
            'From anywhere'
          ) : (
            <Mono key="addresses">{client.allowedAddresses.join(', ')}</Mono>
          ),
        ],
        ['Jobs', client.jobs ? 'Jobs run as this client' : 'Not used by Jobs'],
        ['Open sessions', String(client.openSessions)],
        ['Created', <TimeAgo key="created" time={client.createdAt} />],
      ]}
    />
  )
}

function TokenFacts({ token }: { readonly token: TokenInfo }) {
  return (
    <Facts
      facts={[
        ['Id', <Mono key="id">{token.id}</Mono>],
        ['Made', <TimeAgo key="made" time={token.createdAt} />],
        [
          'Ends',
          token.expiresAt === undefined ? 'Never' : <TimeUntil key="ends" time={token.expiresAt} />,
        ],
        ['Last used', token.lastUse ? <TimeAgo key="at" time={token.lastUse.at} /> : 'Never'],
        [
          'From',
          token.lastUse ? <Mono key="from">{token.lastUse.address}</Mono> : <None key="from" />,
        ],
        ['With', token.lastUse ? toolName(token.lastUse.tool) : <None key="with" />],
      ]}
    />
  )
}

function None() {
  return (
    <Text span inherit c="dimmed">
      –
    </Text>
  )
}

interface TwoTokensProps {
  readonly token: TokenInfo
  readonly previous: TokenInfo
  readonly onEnd: () => void
}

/** While the old token still works: which of the two is used, and the way to end the old one. */
function TwoTokens({ token, previous, onEnd }: TwoTokensProps) {
  const isUsed = previous.lastUse !== undefined && previous.lastUse.at > token.createdAt
  return (
    <Alert
      color={isUsed ? 'orange' : 'teal'}
      p="md"
      title="Two tokens work: the new and the old one"
    >
      <Stack gap="sm">
        <TokenLine name="New token" id={token.id}>
          {token.lastUse ? <LastUse lastUse={token.lastUse} /> : 'not used yet'}
        </TokenLine>
        <Group justify="space-between" gap="sm">
          <TokenLine name="Old token" id={previous.id}>
            {isUsed && previous.lastUse ? (
              <>
                still in use, <LastUse lastUse={previous.lastUse} />
              </>
            ) : (
              'not used since the new one was made'
            )}
            {previous.expiresAt !== undefined && (
              <>
                ; it ends <TimeUntil time={previous.expiresAt} />
              </>
            )}
          </TokenLine>
          <Button size="compact-sm" variant="default" onClick={onEnd}>
            End now
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

interface TokenLineProps {
  readonly name: string
  readonly id: string
  readonly children: ReactNode
}

function TokenLine({ name, id, children }: TokenLineProps) {
  return (
    <Text size="sm" role="status">
      <Text span inherit fw={600}>
        {name}
      </Text>{' '}
      <Mono>{id}</Mono>: {children}.
    </Text>
  )
}

function LastUse({ lastUse: { at, tool, address } }: { readonly lastUse: TokenUse }) {
  return (
    <>
      last used <TimeAgo time={at} /> by {toolName(tool)} from <Mono>{address}</Mono>
    </>
  )
}

function NotYetUsed({ name }: { readonly name: string }) {
  return (
    <Alert color="gate" p="md" title="Not used yet">
      <Group justify="space-between" gap="sm">
        <Text size="sm">Connect a tool, and see it arrive.</Text>
        <LinkButton
          size="compact-sm"
          leftSection={<IconPlugConnected size={14} aria-hidden />}
          to="/settings/access-tokens/$name/connect"
          params={{ name }}
        >
          Connect a tool
        </LinkButton>
      </Group>
    </Alert>
  )
}
