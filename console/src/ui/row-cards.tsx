/** The rows of a table where it would be too wide: each a card, with all of its cells and buttons in sight. */
import { Group, Paper, Skeleton, Stack } from '@mantine/core'
import { Fragment } from 'react'
import type { DataTableProps } from './data-table.tsx'
import { Facts } from './facts.tsx'
import classes from './row-cards.module.css'

export function RowCards<T>(props: DataTableProps<T>) {
  const { label, columns, rows, rowKey, stale = false, empty } = props
  if (!rows) return <Skeleton height={200} radius="md" />
  if (rows.length === 0) return <Paper withBorder>{empty}</Paper>
  const facts = columns.filter(({ titleHidden }) => titleHidden !== true)
  const acts = columns.filter(({ titleHidden }) => titleHidden === true)
  return (
    <Stack
      component="ul"
      gap="sm"
      className={classes['cards'] ?? ''}
      aria-label={label}
      aria-busy={stale}
      opacity={stale ? 0.55 : 1}
    >
      {rows.map((row) => (
        <Paper key={rowKey(row)} component="li" withBorder p="md">
          <Facts facts={facts.map(({ title, cell }) => [title, cell(row)])} />
          <Group justify="flex-end" gap="xs" mt="sm">
            {acts.map(({ title, cell }) => (
              <Fragment key={title}>{cell(row)}</Fragment>
            ))}
          </Group>
        </Paper>
      ))}
    </Stack>
  )
}
