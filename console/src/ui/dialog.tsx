/**
 * A dialog: over the page, with the focus inside it, and the focus back where it came from at its end.
 *
 * It is shown as long as it is rendered, so that whoever opens it starts with a fresh state.
 */
import { Modal } from '@mantine/core'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import classes from './dialog.module.css'
import { useNarrow } from './use-narrow.ts'

interface DialogProps {
  readonly title: string
  readonly size?: 'sm' | 'md' | 'lg' | 'xl'
  /** Undefined: it cannot be left, only answered. */
  readonly onClose: (() => void) | undefined
  readonly children: ReactNode
}

export function Dialog({ title, size = 'md', onClose, children }: DialogProps) {
  const narrow = useNarrow()
  useEffect(() => {
    const opener = openerOf(document.activeElement)
    return () => opener?.focus()
  }, [])
  return (
    <Modal
      opened
      title={title}
      size={size}
      classNames={{ content: classes['content'] ?? '' }}
      fullScreen={narrow}
      returnFocus={false}
      closeOnClickOutside={false}
      closeOnEscape={onClose !== undefined}
      withCloseButton={onClose !== undefined}
      onClose={onClose ?? (() => undefined)}
      overlayProps={{ backgroundOpacity: 0.45 }}
    >
      {children}
    </Modal>
  )
}

/** An item of a menu is gone when the dialog ends: then the button of the menu. */
function openerOf(active: Element | null): HTMLElement | undefined {
  const menu = active?.closest('[role=menu]')
  const opener = menu ? document.querySelector(`[aria-controls="${CSS.escape(menu.id)}"]`) : active
  return opener instanceof HTMLElement && opener !== document.body ? opener : undefined
}
