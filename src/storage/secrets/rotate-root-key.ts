/** A new root key: kept first, used only then. */
import { present } from '../../base/assert.ts'
import type { KeyRing } from '../../identity/key-ring.ts'
import { readKeyFile, rootKey, withNewKey, writeKeyFile } from './key-file.ts'

/**
 * Adds a root key to the key file and makes it the current one, there and in `ring`. Nothing that
 * was made with older keys changes. After an error the ring is as it was; the file has the new key,
 * or has it not, and either is good.
 */
export async function rotateRootKey(directory: string, ring: KeyRing): Promise<void> {
  const next = withNewKey(await readKeyFile(directory))
  await writeKeyFile(directory, next)
  const { key } = present(
    next.keys.find(({ id }) => id === next.current),
    'the new key',
  )
  ring.adopt(next.current, rootKey(key))
}
