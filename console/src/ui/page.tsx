/** The frame of every page: its title, what it is for, its acts. Also the title of the browser's tab. */
import { Box, Group, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'

interface PageProps {
  readonly title: string
  /** Above the title: the way to the list that it is part of. */
  readonly back?: ReactNode
  /** Beside the title: a badge. */
  readonly mark?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, back, mark, description, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Bluegate`
  }, [title])
  useEffect(() => {
    // After a click in the navigation the page begins here for those who cannot see that it changed.
    if (document.activeElement?.closest('nav')) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md" wrap="wrap">
        <Box flex="1 1 18rem" miw={0}>
          {back !== undefined && (
            <Text size="sm" mb={4}>
              {back}
            </Text>
          )}
          <Group gap="xs" wrap="wrap">
            <Title ref={heading} order={1} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {mark}
          </Group>
          {description !== undefined && (
            <Text c="dimmed" size="sm" mt={4} maw="44rem">
              {description}
            </Text>
          )}
        </Box>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}
