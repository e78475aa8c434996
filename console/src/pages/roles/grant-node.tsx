/** One object of the grant tree, its boxes, and what is inside it. */
import { ActionIcon, Checkbox, Group, Text } from '@mantine/core'
import {
  IconChevronRight,
  IconColumns3,
  IconDatabase,
  IconFileSpreadsheet,
  IconFolder,
  IconFolders,
  IconListNumbers,
  IconMathFunction,
  IconTable,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Grant } from '../../api/roles.ts'
import classes from './grant-tree.module.css'

export interface GrantPlace {
  readonly name: string
  readonly type?: string
  readonly object: Omit<Grant, 'permission'>
  readonly permissions: readonly Grant['permission'][]
  /** While it is granted, the boxes here have no effect. */
  readonly coveredBy?: Grant
  /** Below its children. */
  readonly note: string | undefined
  readonly children: readonly GrantPlace[]
}

export interface GrantState {
  readonly isGranted: (grant: Grant) => boolean
  readonly isChanged: (grant: Grant) => boolean
  readonly toggle: (grant: Grant) => void
}

interface GrantNodeProps {
  readonly place: GrantPlace
  readonly state: GrantState
  readonly depth: number
  readonly opened?: boolean
}

const ICONS = {
  database: IconDatabase,
  schema: IconFolder,
  table: IconTable,
  view: IconTable,
  'foreign table': IconFileSpreadsheet,
  sequence: IconListNumbers,
  column: IconColumns3,
  function: IconMathFunction,
  location: IconFolders,
} as const satisfies Record<Grant['objectKind'], unknown>

export function GrantNode({ place, state, depth, opened = false }: GrantNodeProps) {
  const [isOpen, setOpen] = useState(opened)
  const { name, type, object, children, note } = place
  const Symbol = ICONS[object.objectKind]
  const isLeaf = children.length === 0
  return (
    <li>
      <div className={classes['row']} style={{ paddingInlineStart: depth * 22 }}>
        <Group gap={4} wrap="nowrap" className={classes['name']}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`${isOpen ? 'Close' : 'Open'} ${object.objectKind} ${name}`}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            style={isLeaf ? { visibility: 'hidden' } : undefined}
          >
            <IconChevronRight
              size={14}
              aria-hidden
              className={classes['chevron']}
              data-open={isOpen}
            />
          </ActionIcon>
          <Symbol size={16} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
          <Text size="sm" truncate title={name}>
            {name}
          </Text>
          {type !== undefined && (
            <Text size="xs" c="dimmed" truncate>
              {type}
            </Text>
          )}
        </Group>
        <Boxes place={place} state={state} />
      </div>
      {isOpen && !isLeaf && (
        <ul className={classes['tree']}>
          {children.map((child) => (
            <GrantNode
              key={`${child.object.objectKind} ${child.name}`}
              place={child}
              state={state}
              depth={depth + 1}
              opened={child.object.objectKind === 'schema' && children.length <= 3}
            />
          ))}
          {note !== undefined && (
            <li>
              <Text size="xs" c="dimmed" pl={(depth + 1) * 22 + 30} py={4}>
                {note}
              </Text>
            </li>
          )}
        </ul>
      )}
    </li>
  )
}

function Boxes({ place, state }: { readonly place: GrantPlace; readonly state: GrantState }) {
  const { object, permissions, coveredBy } = place
  const { database, schema, table, column } = object
  const parts = [database, schema, table, column, object.function]
  const path = parts.filter((part) => part !== undefined).join('.')
  const covered = coveredBy !== undefined && state.isGranted(coveredBy)
  return (
    <div className={classes['boxes']}>
      {permissions.map((permission) => {
        const grant = { permission, ...object }
        return (
          <Checkbox
            key={permission}
            size="xs"
            label={permission}
            aria-label={`${permission} on ${path}`}
            {...(covered ? { title: 'The table is granted: so is each of its columns.' } : {})}
            checked={covered || state.isGranted(grant)}
            disabled={covered}
            data-changed={state.isChanged(grant)}
            className={classes['box'] ?? ''}
            onChange={() => state.toggle(grant)}
          />
        )
      })}
    </div>
  )
}
