/**
 * A table of things: skeletons while it loads, a word about what to do when it is empty.
 *
 * On a narrow screen it scrolls inside itself, and its first column stays.
 */
import { Box, Skeleton, Table, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './data-table.module.css'

export interface Column<T> {
  readonly title: string
  /** Its title is there for those who cannot see what it holds: buttons. */
  readonly titleHidden?: boolean
  readonly align?: 'right'
  readonly width?: number | string
  readonly cell: (row: T) => ReactNode
}

export interface DataTableProps<T> {
  readonly label: string
  readonly columns: readonly Column<T>[]
  /** Undefined while they are unknown. */
  readonly rows: readonly T[] | undefined
  readonly rowKey: (row: T) => string | number
  /** Shown while another page is on its way. */
  readonly stale?: boolean
  /** In place of the table when there are no rows. */
  readonly empty: ReactNode
  readonly minWidth?: number
}

const SKELETON_ROWS = 6

/** Links on it stay readable in both themes. */
const HOVERED = 'light-dark(var(--mantine-color-gray-1), var(--mantine-color-dark-6))'

export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, rows, rowKey, stale = false, empty, minWidth = 720 } = props
  if (rows?.length === 0) return <Box className={classes['frame']}>{empty}</Box>
  return (
    <Box
      className={classes['frame']}
      tabIndex={0}
      role="region"
      aria-label={`${label}, scrolls sideways`}
      aria-busy={rows === undefined || stale}
    >
      <Table
        className={classes['table']}
        miw={minWidth}
        aria-label={label}
        highlightOnHover
        highlightOnHoverColor={HOVERED}
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ title, titleHidden = false, align, width }) => (
              <Table.Th key={title} w={width} ta={align ?? 'left'} scope="col">
                {titleHidden ? <VisuallyHidden>{title}</VisuallyHidden> : title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody opacity={stale ? 0.55 : 1}>
          {rows
            ? rows.map((row) => (
                <Table.Tr key={rowKey(row)}>
                  {columns.map(({ title, align, cell }) => (
                    <Table.Td key={title} ta={align ?? 'left'}>
                      {cell(row)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))
            : Array.from({ length: SKELETON_ROWS }, (_, row) => (
                <Table.Tr key={row}>
                  {columns.map(({ title }, column) => (
                    <Table.Td key={title}>
                      <Skeleton height={12} my={5} width={column === 0 ? '70%' : '50%'} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
        </Table.Tbody>
      </Table>
    </Box>
  )
}
