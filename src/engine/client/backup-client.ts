/** A copy of the databases in the making, seen from the gateway. It lives and dies with one host. */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { EngineBackup } from '../engine.ts'
import type { BackupReply, BackupStep } from '../wire/request.ts'
import type { HostLink } from './host-link.ts'

export async function openBackup(link: HostLink): Promise<EngineBackup> {
  const never = new AbortController().signal
  const { files } = await ask(link, 'open', never)
  return {
    files: present(files, 'the files of the copies'),
    takeSnapshot: async () => {
      return present((await ask(link, 'takeSnapshot', never)).tables, 'a number of tables')
    },
    copyNext: async (signal) => (await ask(link, 'copyNext', signal)).copied,
    finish: async () => void (await ask(link, 'finish', never)),
    // a host that died leaves the file to the next one, which removes it
    close: async () => void (await ask(link, 'close', never).catch(() => undefined)),
  }
}

async function ask(link: HostLink, step: BackupStep, signal: AbortSignal): Promise<BackupReply> {
  if (signal.aborted) throw new GatewayError('cancelled', 'the backup was cancelled')
  const { id, reply } = link.start<'backup'>({ call: 'backup', step }, { onDeath: backupLost })
  const onAbort = (): void => link.interrupt(id)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await reply
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function backupLost(): GatewayError {
  return new GatewayError('crash_shutdown', 'the engine restarted; there is no backup', {
    hint: 'Take the backup again.',
  })
}
