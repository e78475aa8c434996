/** Copying a text: to the clipboard, said aloud. */
import { ActionIcon, Button, Tooltip, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'

const SAID_MS = 2_000

interface CopyProps {
  readonly text: string
  /** What it copies, as in `Copy the token`. */
  readonly label: string
}

export function CopyButton({ text, label, wide = false }: CopyProps & { readonly wide?: boolean }) {
  const { copied, copy } = useCopy(text)
  return (
    <Button
      onClick={copy}
      fullWidth={wide}
      leftSection={
        copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
      }
      data-autofocus
    >
      {copied ? 'Copied' : 'Copy'}
      <VisuallyHidden> {copied ? '' : label}</VisuallyHidden>
      <Said copied={copied} />
    </Button>
  )
}

interface CopyIconProps extends CopyProps {
  /** Where its word appears: over nothing that is pressed next. */
  readonly wordAt?: 'left' | 'right'
}

export function CopyIcon({ text, label, wordAt = 'left' }: CopyIconProps) {
  const { copied, copy } = useCopy(text)
  return (
    <Tooltip label={copied ? 'Copied' : `Copy ${label}`} position={wordAt}>
      <ActionIcon variant="subtle" color="gray" aria-label={`Copy ${label}`} onClick={copy}>
        {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        <Said copied={copied} />
      </ActionIcon>
    </Tooltip>
  )
}

function Said({ copied }: { readonly copied: boolean }) {
  return <VisuallyHidden role="status">{copied ? 'Copied' : ''}</VisuallyHidden>
}

function useCopy(text: string) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), SAID_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true))
  }
  return { copied, copy }
}
