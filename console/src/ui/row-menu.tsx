/** The acts of one row. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { Icon } from '@tabler/icons-react'

export interface RowAct {
  readonly label: string
  readonly icon: Icon
  readonly danger?: boolean
  /** Why it cannot be done; absent when it can. */
  readonly forbidden?: string | undefined
  readonly run: () => void
}

interface RowMenuProps {
  /** `Actions of bi` */
  readonly label: string
  readonly acts: readonly RowAct[]
}

export function RowMenu({ label, acts }: RowMenuProps) {
  const harmless = acts.filter(({ danger }) => danger !== true)
  const grave = acts.filter(({ danger }) => danger === true)
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {harmless.map((act) => (
          <Act key={act.label} act={act} />
        ))}
        {harmless.length > 0 && grave.length > 0 && <Menu.Divider />}
        {grave.map((act) => (
          <Act key={act.label} act={act} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Act({ act }: { readonly act: RowAct }) {
  const { label, icon: Symbol, danger = false, forbidden, run } = act
  return (
    <Menu.Item
      leftSection={<Symbol size={16} aria-hidden />}
      {...(danger ? { color: 'red' } : {})}
      disabled={forbidden !== undefined}
      title={forbidden}
      onClick={run}
    >
      {label}
    </Menu.Item>
  )
}
