/** How a tool connects as this client: its ready lines, and the page that sees it arrive. */
import {
  Alert,
  Button,
  Group,
  NativeSelect,
  Paper,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { IconDownload, IconEyeOff, IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { clientQuery, connectQuery } from '../../api/clients.ts'
import type { ConnectKit } from '../../api/clients.ts'
import { CA_FILE_PATH } from '../../api/ca-file.ts'
import { TokenShow } from '../../forms/token-show.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyIcon } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Mono } from '../../ui/mono.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { ConnectionWatch } from './connection-watch.tsx'

const route = getRouteApi('/shell/settings/access-tokens/$name')

const TOKEN_PLACE = '{{token}}'
const TOKEN_SHOWN_AS = 'YOUR-ACCESS-TOKEN'

export function ClientConnectTab() {
  const { name } = route.useParams()
  const { data: client } = useQuery(clientQuery(name))
  const connect = useQuery(connectQuery(name))
  const [tool, setTool] = useState<string>()
  const [token, setToken] = useState<string>()
  const [asksToken, setAsksToken] = useState(false)

  if (connect.error) return <ProblemNotice error={connect.error} />
  if (!connect.data || !client) return <Skeleton height={360} radius="md" />
  const { server, snippets } = connect.data
  const tools = [...new Map(snippets.map((snippet) => [snippet.tool, snippet])).values()]
  const chosen = tool ?? tools[0]?.tool
  return (
    <Stack gap="lg">
      <ConnectionWatch client={client} />
      <Paper withBorder p="lg">
        <Stack gap="md">
          <Group justify="space-between" align="flex-end" gap="md">
            <NativeSelect
              label="Tool"
              description="Which one shall connect?"
              value={chosen}
              data={tools.map((one) => ({ value: one.tool, label: one.tool }))}
              onChange={(event) => setTool(event.currentTarget.value)}
              flex="1 1 14rem"
              maw={{ sm: '22rem' }}
            />
            {token === undefined ? (
              <Button
                variant="default"
                leftSection={<IconKey size={16} aria-hidden />}
                onClick={() => setAsksToken(true)}
              >
                Insert token
              </Button>
            ) : (
              <Button
                variant="default"
                leftSection={<IconEyeOff size={16} aria-hidden />}
                onClick={() => setToken(undefined)}
              >
                Take the token out
              </Button>
            )}
          </Group>
          {token !== undefined && (
            <Alert color="orange" p="sm">
              The lines below hold the token: whoever sees them can connect as {name}.
            </Alert>
          )}
          {snippets
            .filter((snippet) => snippet.tool === chosen)
            .map(({ title, text, fileName }) => (
              <CodeBlock
                key={`${title} ${fileName ?? ''}`}
                label={title}
                title={fileName === undefined ? title : `${title}: ${fileName}`}
                text={text.replaceAll(TOKEN_PLACE, token ?? TOKEN_SHOWN_AS)}
              />
            ))}
        </Stack>
      </Paper>
      <ServerFacts name={name} server={server} />
      {asksToken && (
        <TokenShow
          client={client}
          onToken={(shown) => {
            setToken(shown)
            setAsksToken(false)
          }}
          onClose={() => setAsksToken(false)}
        />
      )}
    </Stack>
  )
}

function ServerFacts({
  name,
  server,
}: {
  readonly name: string
  readonly server: ConnectKit['server']
}) {
  const values = [
    ['Host', server.host],
    ['Port', String(server.port)],
    ['Database', server.database],
    ['User', name],
  ] as const
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={2} size="h4">
          For any other tool
        </Title>
        <Button
          component="a"
          href={server.caFileUrl ?? CA_FILE_PATH}
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Download the CA file
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="md">
        Any PostgreSQL driver will do. TLS is required; with the CA file the tool can check that it
        talks to this gateway (verify-full). The file is no secret.
      </Text>
      <Facts
        facts={[
          ...values.map(
            ([label, value]) =>
              [
                label,
                <Group key={label} gap={4} wrap="nowrap">
                  <Mono>{value}</Mono>
                  <CopyIcon text={value} label={label.toLowerCase()} wordAt="right" />
                </Group>,
              ] as const,
          ),
          ['Password', 'The access token'],
        ]}
      />
    </Paper>
  )
}
