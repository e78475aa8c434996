/** Whether a client can connect, and for how long. */
import { Badge, Tooltip } from '@mantine/core'
import type { Client } from '../../api/clients.ts'
import { useNow } from '../../ui/now.ts'
import { DAY, exactTime, timeLeft } from '../../ui/relative-time.ts'

export function ClientState({ client }: { readonly client: Client }) {
  const now = useNow()
  if (!client.enabled)
    return (
      <Badge color="gray" variant="light">
        Disabled
      </Badge>
    )
  if (endsWithin(client, now, 0))
    return (
      <Badge color="red" variant="light">
        Expired
      </Badge>
    )
  return (
    <Badge color="teal" variant="light">
      Active
    </Badge>
  )
}

/** A warning at 14, 3 and 1 day before a token ends. */
export function ExpiryMark({ client }: { readonly client: Client }) {
  const now = useNow()
  const { expiresAt } = client.token
  if (expiresAt === undefined || !client.enabled) return null
  const level = LEVELS.find(({ days }) => endsWithin(client, now, days * DAY))
  if (!level || endsWithin(client, now, 0)) return null
  return (
    <Tooltip
      label={`Ends ${exactTime(expiresAt)}. Regenerate the token, or choose a later day under Edit.`}
    >
      <Badge color={level.color} variant="light" tabIndex={0}>
        {timeLeft(expiresAt, now)}
      </Badge>
    </Tooltip>
  )
}

const LEVELS = [
  { days: 1, color: 'red' },
  { days: 3, color: 'orange' },
  { days: 14, color: 'yellow' },
] as const

/** False for a token that never ends. */
function endsWithin({ token }: Client, now: number, ms: number): boolean {
  return token.expiresAt !== undefined && Date.parse(token.expiresAt) - now <= ms
}
