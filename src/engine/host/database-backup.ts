/** The one backup that may be under way: its connection, its file, and what is left to copy. */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { BackupReply, BackupStep } from '../wire/request.ts'
import { newCopyFile } from './backup-steps.ts'
import type { Connection } from './connection.ts'
import type { HostContext } from './host-context.ts'
import { interruptible } from './interruptible.ts'
import type { BackupTask, Outcomes, TableName } from './task.ts'
import type { Lane } from './worker-pool.ts'

/** How long to try to take the copy's log into its file, while transactions of others last. */
const CHECKPOINT_MS_MAX = 60_000
const CHECKPOINT_AGAIN_MS = 20

interface UnderWay {
  readonly file: string
  readonly connection: Connection
  tables: readonly TableName[]
}

export class DatabaseBackup {
  readonly #context: () => HostContext
  #underWay: UnderWay | undefined

  constructor(context: () => HostContext) {
    this.#context = context
  }

  /** @throws GatewayError as the engine says; `object_in_use` for a second one. */
  async perform(step: BackupStep, signal: AbortSignal): Promise<BackupReply> {
    switch (step) {
      case 'open':
        return { file: await this.#open(signal) }
      case 'takeSnapshot': {
        // the gate's lane always has a worker soon: commits of metadata wait for this
        const outcome = await this.#ask({ what: 'snapshot' }, 'gate', signal)
        const tables = outcome && 'tables' in outcome ? outcome.tables : []
        this.#current.tables = tables
        return { tables: tables.length }
      }
      case 'copyNext':
        return await this.#copyNext(signal)
      case 'finish':
        await this.#finish(signal)
        return {}
      case 'close':
        await this.#close()
        return {}
    }
  }

  get #current(): UnderWay {
    return present(this.#underWay, 'a backup is under way')
  }

  async #open(signal: AbortSignal): Promise<string> {
    if (this.#underWay) {
      throw new GatewayError('object_in_use', 'another backup is under way', {
        hint: 'Wait for its end.',
      })
    }
    const context = this.#context()
    const file = newCopyFile(context.databasesDirectory)
    this.#underWay = { file, connection: context.openConnection(), tables: [] }
    try {
      await this.#ask({ what: 'attach', file }, 'fresh', signal)
    } catch (error) {
      await this.#close()
      throw error
    }
    return file
  }

  async #copyNext(signal: AbortSignal): Promise<BackupReply> {
    const current = this.#current
    const [table, ...rest] = current.tables
    if (!table) return {}
    const outcome = await this.#ask({ what: 'copy', table }, 'long', signal)
    current.tables = rest
    const rows = outcome && 'copiedRows' in outcome ? outcome.copiedRows : 0
    return { copied: { ...table, rows } }
  }

  async #finish(signal: AbortSignal): Promise<void> {
    await this.#ask({ what: 'commit' }, 'long', signal)
    const deadline = performance.now() + CHECKPOINT_MS_MAX
    for (;;) {
      const outcome = await this.#ask({ what: 'checkpoint' }, 'long', signal)
      if (outcome && 'checkpointed' in outcome && outcome.checkpointed) return
      if (performance.now() > deadline) throw keptFromCheckpoint()
      await new Promise((resolve) => setTimeout(resolve, CHECKPOINT_AGAIN_MS))
    }
  }

  async #close(): Promise<void> {
    const current = this.#underWay
    if (!current) return
    const never = new AbortController().signal
    await this.#ask({ what: 'detach', file: current.file }, 'fresh', never)
    this.#underWay = undefined
    this.#context().disposeConnection(current.connection)
  }

  async #ask(ask: BackupTask, lane: Lane, signal: AbortSignal): Promise<Outcomes['backup']> {
    const { pool, interrupt } = this.#context()
    const { connection } = this.#current
    const { address } = connection
    return await connection.lock.run(async () => {
      const job = pool.submit<'backup'>({ kind: 'backup', connection: address, ask }, { lane })
      return await interruptible(pool, job, signal, () => interrupt(address))
    })
  }
}

function keptFromCheckpoint(): GatewayError {
  return new GatewayError(
    'lock_not_available',
    'a long transaction keeps the backup from its end',
    {
      hint: 'Take the backup again when no transaction that defined tables is open.',
      safeToRetry: true,
    },
  )
}
