/** The frame of the pages before the sign-in: one card in the middle. */
import { Box, Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { Brand } from './brand.tsx'
import classes from './gate-frame.module.css'

interface GateFrameProps {
  readonly title: string
  readonly description?: ReactNode
  readonly children: ReactNode
}

export function GateFrame({ title, description, children }: GateFrameProps) {
  useEffect(() => {
    document.title = `${title} · Bluegate`
  }, [title])
  return (
    <Center component="main" mih="100dvh" px="md" py="xl" className={classes['ground']}>
      <Stack w="100%" maw={400} gap="lg">
        <Box mx="auto">
          <Brand />
        </Box>
        <Paper withBorder p={{ base: 'lg', sm: 'xl' }} shadow="sm">
          <Stack gap="md">
            <div>
              <Title order={1}>{title}</Title>
              {description !== undefined && (
                <Text size="sm" c="dimmed" mt={4}>
                  {description}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  )
}
