/**
 * The file that is on its way to the gateway. It belongs to no page: it goes on while its sender
 * looks at another one, and is there when they come back.
 */
import { useSyncExternalStore } from 'react'
import { formatOf } from './file-format.ts'
import type { UploadedLoad } from './loads.ts'
import { sendFile } from './send-file.ts'

export type Upload =
  | { readonly state: 'sending'; readonly file: File; readonly sentBytes: number }
  | { readonly state: 'failed'; readonly file: File; readonly error: unknown }
  | { readonly state: 'sent'; readonly load: UploadedLoad }

let current: Upload | undefined
let stop: AbortController | undefined
const listeners = new Set<() => void>()

/** In place of the one before. */
export async function beginUpload(file: File): Promise<void> {
  stop?.abort()
  const own = new AbortController()
  stop = own
  const say = (upload: Upload) => {
    if (stop === own) change(upload)
  }
  say({ state: 'sending', file, sentBytes: 0 })
  try {
    const format = await formatOf(file)
    const onSent = (sentBytes: number) => say({ state: 'sending', file, sentBytes })
    const load = await sendFile(file, format, onSent, own.signal)
    say({ state: 'sent', load })
  } catch (error) {
    if (!own.signal.aborted) say({ state: 'failed', file, error })
  }
}

/** Stops it where it is on its way. */
export function endUpload(): void {
  stop?.abort()
  stop = undefined
  change(undefined)
}

export function useUpload(): Upload | undefined {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change(upload: Upload | undefined): void {
  const wasSending = current?.state === 'sending'
  current = upload
  const isSending = upload?.state === 'sending'
  if (isSending && !wasSending) addEventListener('beforeunload', askBeforeLeaving)
  if (!isSending) removeEventListener('beforeunload', askBeforeLeaving)
  for (const listener of listeners) listener()
}

/** Only leaving the console stops it. */
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
