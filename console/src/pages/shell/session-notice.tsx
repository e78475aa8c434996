/** Says that the session will end soon, to somebody who is still there. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { meQuery } from '../../api/account.ts'
import { useNow } from '../../ui/now.ts'
import { minutesUntil } from '../../ui/relative-time.ts'

const NOTICE_MS = 4 * 60_000

/** Whoever touched the page within this time is at work: the session is asked to go on. */
const AT_WORK_MS = 2 * 60_000

export function SessionNotice() {
  const me = useQuery(meQuery)
  const now = useNow()
  const lastTouch = useLastTouch()
  const { refetch, dataUpdatedAt } = me
  const expiresAt = me.data?.expiresAt
  const left = expiresAt === undefined ? Infinity : Date.parse(expiresAt) - now
  const endsSoon = left < NOTICE_MS

  useEffect(() => {
    if (!endsSoon) return
    const asked = Date.now() - dataUpdatedAt < 60_000
    if (!asked && Date.now() - lastTouch.current < AT_WORK_MS) void refetch()
  }, [endsSoon, now, refetch, dataUpdatedAt, lastTouch])

  if (!endsSoon || expiresAt === undefined) return null
  const minutes = minutesUntil(expiresAt, now)
  return (
    <Alert color="orange" mb="lg" p="sm" role="status" icon={<IconClock aria-hidden />}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {left <= 0
            ? 'Your session has ended: you will be asked for your password. What you typed stays.'
            : `Your session ends in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. What you typed stays.`}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => void refetch()}>
          Stay signed in
        </Button>
      </Group>
    </Alert>
  )
}

function useLastTouch() {
  const last = useRef(0)
  useEffect(() => {
    last.current = Date.now()
    const touched = () => {
      last.current = Date.now()
    }
    addEventListener('pointerdown', touched)
    addEventListener('keydown', touched)
    return () => {
      removeEventListener('pointerdown', touched)
      removeEventListener('keydown', touched)
    }
  }, [])
  return last
}
