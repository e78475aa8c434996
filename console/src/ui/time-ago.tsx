/** How long ago, or in how long; exactly in the tooltip. */
import { Text, Tooltip } from '@mantine/core'
import { useNow } from './now.ts'
import { exactTime, relativeTime } from './relative-time.ts'

export function TimeAgo({ time }: { readonly time: string }) {
  const now = useNow()
  return (
    <Tooltip label={exactTime(time)}>
      <Text span inherit tabIndex={0} style={{ whiteSpace: 'nowrap', cursor: 'default' }}>
        <time dateTime={time}>{relativeTime(time, now)}</time>
      </Text>
    </Tooltip>
  )
}
