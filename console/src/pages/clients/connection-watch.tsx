/** Waits for a connection of a client and tells what came: connected, or refused, why, and the fix. */
import { Group, Loader, Paper, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck, IconPlugConnectedX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { connectionEventsPath, impactQuery } from '../../api/clients.ts'
import type { Client, ConnectionEvent } from '../../api/clients.ts'
import { useEventStream } from '../../api/event-stream.ts'
import { Mono } from '../../ui/mono.tsx'
import { sentence } from '../../ui/problem-notice.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { givenName, toolName } from '../../ui/tool-name.ts'

const KEPT_MAX = 5

export function ConnectionWatch({ client }: { readonly client: Client }) {
  const { name } = client
  const [events, setEvents] = useState<readonly ConnectionEvent[]>([])
  const state = useEventStream<ConnectionEvent>(
    connectionEventsPath(name),
    { message: (event) => setEvents((kept) => [event, ...kept].slice(0, KEPT_MAX)) },
    { whileHidden: true }, // whoever watches is in the other window, in the tool
  )
  const [latest, ...before] = events
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        {/* One sentence for those who listen; the rest only repeats it. */}
        <div role="status" aria-live="polite" aria-label="Connections">
          {latest ? <Event event={latest} name={name} large /> : <Waiting client={client} />}
        </div>
        {before.map((event) => (
          <Event key={`${event.at} ${event.kind}`} event={event} name={name} />
        ))}
        {state === 'down' && (
          <Text size="xs" c="dimmed">
            The live view lost its connection to the gateway and tries again; what happens meanwhile
            is on record under Audit.
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

function Waiting({ client: { name, token } }: { readonly client: Client }) {
  const impact = useQuery(impactQuery(name)) // also of tokens that are gone
  const wasUsed = token.lastUse !== undefined || (impact.data?.recentUses.length ?? 0) > 0
  return (
    <Group gap="sm" wrap="nowrap">
      <Loader size={22} aria-hidden />
      <div>
        <Text fw={550}>
          Waiting for the {wasUsed ? 'next' : 'first'} connection of {name} …
        </Text>
        <Text size="sm" c="dimmed">
          Connect with the lines below; this page shows it at once, and says why when it is refused.
        </Text>
      </div>
    </Group>
  )
}

interface EventProps {
  readonly event: ConnectionEvent
  readonly name: string
  readonly large?: boolean
}

function Event({ event, name, large = false }: EventProps) {
  const size = large ? 'md' : 'sm'
  switch (event.kind) {
    case 'connected':
      return (
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <ThemeIcon color="teal" radius="xl" size={large ? 26 : 20} variant="light">
            <IconCheck size={large ? 16 : 12} aria-hidden />
          </ThemeIcon>
          <div>
            <Text fw={large ? 550 : 400} size={size}>
              {large && `${name}: `}connected from <Mono>{event.address}</Mono> as{' '}
              {toolName(event.tool)}
              {event.tlsVersion !== undefined && `, ${tlsName(event.tlsVersion)}`}
            </Text>
            <Text size="xs" c="dimmed">
              <TimeAgo time={event.at} />
            </Text>
          </div>
        </Group>
      )
    case 'refused':
      return (
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <ThemeIcon color="red" radius="xl" size={large ? 26 : 20} variant="light">
            <IconPlugConnectedX size={large ? 16 : 12} aria-hidden />
          </ThemeIcon>
          <div>
            <Text fw={large ? 550 : 400} size={size}>
              Refused from <Mono>{event.address}</Mono>
              {givenName(event.tool) !== undefined && ` as ${toolName(event.tool)}`}:{' '}
              {sentence(event.reason ?? 'no reason was given')}
            </Text>
            {event.fix !== undefined && <Text size="sm">{sentence(event.fix)}</Text>}
            <Text size="xs" c="dimmed">
              <TimeAgo time={event.at} />
            </Text>
          </div>
        </Group>
      )
  }
}

/** `TLSv1.3` as people write it. */
function tlsName(version: string): string {
  return version.replace(/^TLSv/, 'TLS ')
}
