/** Which rows are bad, where in them, and why. Scrolls inside itself. */
import { Stack, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { BadRow, LoadFormat } from '../../api/loads.ts'
import { Mono } from '../../ui/mono.tsx'
import { sentence } from '../../ui/problem-notice.tsx'
import classes from './data-tables.module.css'

interface BadRowsProps {
  readonly label: string
  readonly badRows: readonly BadRow[]
  readonly format: LoadFormat
  readonly maxHeight: string
  /** Below it. */
  readonly children?: ReactNode
}

export function BadRows({ label, badRows, format, maxHeight, children }: BadRowsProps) {
  return (
    <Stack gap={6}>
      <div
        className={classes['frame']}
        style={{ maxHeight }}
        tabIndex={0}
        role="region"
        aria-label={`${label}, scrolls`}
      >
        <Table className={classes['table']} aria-label={label} miw={560} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" ta="right">
                {format === 'csv' ? 'Line' : 'Row'}
              </Table.Th>
              <Table.Th scope="col">Column</Table.Th>
              <Table.Th scope="col">Value</Table.Th>
              <Table.Th scope="col">Problem</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {badRows.map(({ line, column, value, problem }) => (
              <Table.Tr key={`${line} ${column ?? ''}`}>
                <Table.Td ta="right">{line.toLocaleString('en-US')}</Table.Td>
                <Table.Td>{column ?? <Faint>the whole row</Faint>}</Table.Td>
                <Table.Td className={classes['value']}>
                  {value === undefined || value === '' ? (
                    <Faint>{column === undefined ? '–' : 'none'}</Faint>
                  ) : (
                    <Mono>{value}</Mono>
                  )}
                </Table.Td>
                <Table.Td>{sentence(problem)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {children !== undefined && children !== false && (
        <Text size="sm" c="dimmed">
          {children}
        </Text>
      )}
    </Stack>
  )
}

function Faint({ children }: { readonly children: ReactNode }) {
  return (
    <Text span inherit c="dimmed">
      {children}
    </Text>
  )
}
