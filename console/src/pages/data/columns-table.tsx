/**
 * The columns of a file with their first rows: which are loaded, under which name, as which type.
 * Scrolls inside itself in both directions.
 */
import { Button, Checkbox, Group, Table, Text, TextInput } from '@mantine/core'
import { memo, useState } from 'react'
import { Mono } from '../../ui/mono.tsx'
import { problemOfValue } from './load-choice.ts'
import type { ColumnEdit, ShownColumn } from './load-choice.ts'
import classes from './data-tables.module.css'
import { TypeField } from './type-field.tsx'

type Bad = ReadonlyMap<string, ReadonlyMap<string, string>>

interface ColumnsTableProps {
  readonly columns: readonly ShownColumn[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** By the column's name in the table. */
  readonly bad: Bad
  /** Who decides on them. */
  readonly types: 'chosen' | 'file' | 'table'
  readonly stale: boolean
  readonly onEdit: (changes: ReadonlyMap<number, ColumnEdit>) => void
}

/** More are drawn on request: a browser takes its time for thousands. */
const COLUMNS_SHOWN = 40

export function ColumnsTable(props: ColumnsTableProps) {
  const { columns, rows, bad, types, stale, onEdit } = props
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? columns : columns.slice(0, COLUMNS_SHOWN)
  const included = columns.filter((column) => column.included).length
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Checkbox
          label="All columns"
          checked={included === columns.length}
          indeterminate={included > 0 && included < columns.length}
          onChange={() => {
            const leftOut = included === columns.length
            onEdit(new Map(columns.map(({ from }) => [from, { leftOut }])))
          }}
        />
        <Text size="sm" c="dimmed">
          {firstRows(rows.length)}
        </Text>
      </Group>
      <div
        className={classes['frame']}
        style={{ maxHeight: '30rem' }}
        tabIndex={0}
        role="region"
        aria-label="Columns and first rows, scrolls"
        aria-busy={stale}
      >
        <Table
          className={`${classes['table'] ?? ''} ${classes['columns'] ?? ''}`}
          aria-label="Columns and first rows"
          stickyHeader
          verticalSpacing={6}
          withColumnBorders
        >
          <Table.Thead>
            <Table.Tr>
              {shown.map((column) => (
                <Table.Th key={column.from} scope="col">
                  <ColumnHead
                    column={column}
                    bad={bad.get(column.name)}
                    types={types}
                    onEdit={(change) => onEdit(new Map([[column.from, change]]))}
                  />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Rows columns={shown} rows={rows} bad={bad} stale={stale} />
        </Table>
      </div>
      {columns.length > COLUMNS_SHOWN && (
        <Button
          variant="default"
          size="compact-sm"
          w="max-content"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? `Show the first ${COLUMNS_SHOWN}` : `Show all ${columns.length} columns`}
        </Button>
      )}
    </>
  )
}

function firstRows(count: number): string {
  if (count === 0) return 'No whole row to show'
  return count === 1 ? 'The first row' : `The first ${count} rows`
}

interface ColumnHeadProps {
  readonly column: ShownColumn
  readonly bad: ReadonlyMap<string, string> | undefined
  readonly types: ColumnsTableProps['types']
  readonly onEdit: (change: ColumnEdit) => void
}

function ColumnHead({ column, bad, types, onEdit }: ColumnHeadProps) {
  const { title, name, type, included } = column
  return (
    <>
      <Checkbox
        size="xs"
        mb={6}
        label={title}
        aria-label={`Include ${title}`}
        checked={included}
        onChange={(event) => onEdit({ leftOut: !event.currentTarget.checked })}
        styles={{ label: { overflowWrap: 'anywhere' } }}
      />
      <TextInput
        size="xs"
        mb={6}
        aria-label={`Name of ${title}`}
        value={name}
        disabled={!included}
        error={included && name.trim() === '' ? 'A column needs a name.' : undefined}
        onChange={(event) => onEdit({ name: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
      {types === 'chosen' ? (
        <TypeField
          column={title}
          value={type}
          disabled={!included}
          isWrong={bad !== undefined}
          onChange={(changed) => onEdit({ type: changed })}
        />
      ) : (
        <Text size="xs">{types === 'table' ? 'As the table has it' : <Mono>{type}</Mono>}</Text>
      )}
      {included && bad && (
        <Text size="xs" mt={4} c="var(--mantine-color-error)" style={{ whiteSpace: 'normal' }}>
          {bad.size === 1 ? 'A value is bad' : `${bad.size} values are bad`}: {exampleOf(bad)}
        </Text>
      )}
    </>
  )
}

const EXAMPLE_CHARACTERS = 24

function exampleOf(bad: ReadonlyMap<string, string>): string {
  const [value = ''] = bad.keys()
  if (value === '') return 'none where the table needs one'
  return value.length > EXAMPLE_CHARACTERS
    ? `“${value.slice(0, EXAMPLE_CHARACTERS)}…”`
    : `“${value}”`
}

interface RowsProps {
  readonly columns: readonly ShownColumn[]
  readonly rows: ColumnsTableProps['rows']
  readonly bad: Bad
  readonly stale: boolean
}

/** Not drawn anew while a name is typed. */
const Rows = memo(
  function Rows({ columns, rows, bad, stale }: RowsProps) {
    return (
      <Table.Tbody opacity={stale ? 0.55 : 1}>
        {rows.map((row, at) => (
          <Table.Tr key={at}>
            {columns.map(({ from, name, included }) => (
              <Cell
                key={from}
                value={row[from] ?? null}
                included={included}
                problem={included ? problemOfValue(bad.get(name), row[from] ?? null) : undefined}
              />
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    )
  },
  (before, after) =>
    before.rows === after.rows &&
    before.stale === after.stale &&
    marksOf(before) === marksOf(after),
)

/** What of the columns the cells show. */
function marksOf({ columns, bad }: RowsProps): string {
  return JSON.stringify(
    columns.map(({ included, name }) => [included, [...(bad.get(name)?.keys() ?? [])]]),
  )
}

interface CellProps {
  readonly value: string | null
  readonly included: boolean
  readonly problem: string | undefined
}

function Cell({ value, included, problem }: CellProps) {
  const mark = problem !== undefined ? classes['bad'] : included ? '' : classes['leftOut']
  return (
    <Table.Td className={mark ?? ''} title={problem ?? value ?? undefined}>
      {value === null ? (
        <Text span inherit {...(problem === undefined ? { c: 'dimmed' } : {})} fs="italic">
          no value
        </Text>
      ) : (
        value
      )}
    </Table.Td>
  )
}
