/** The one backup that may be under way: a copy of each database, and what is left to copy. */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { BackupFile, BackupReply, BackupStep } from '../wire/request.ts'
import { copyName, newCopyFile } from './backup-steps.ts'
import type { Connection } from './connection.ts'
import type { HostContext } from './host-context.ts'
import { interruptible } from './interruptible.ts'
import type { BackupTask, CopyOf, Outcomes, TableName } from './task.ts'
import type { Lane } from './worker-pool.ts'

/** How long to try to take the copy's log into its file, while transactions of others last. */
const CHECKPOINT_MS_MAX = 60_000
const CHECKPOINT_AGAIN_MS = 20

/** Of one database. A connection each: a transaction of the engine writes to one database alone. */
interface Copy extends CopyOf {
  readonly nameInBackup: string
  readonly file: string
  readonly connection: Connection
  tables: readonly TableName[]
}

export class DatabaseBackup {
  readonly #context: () => HostContext
  #underWay: readonly Copy[] | undefined

  constructor(context: () => HostContext) {
    this.#context = context
  }

  /** @throws GatewayError `object_in_use` while a backup is under way. */
  mustNotRun(): void {
    if (!this.#underWay) return
    throw new GatewayError('object_in_use', 'a backup is under way', {
      hint: 'Wait for its end.',
    })
  }

  /** @throws GatewayError as the engine says; `object_in_use` for a second one. */
  async perform(step: BackupStep, signal: AbortSignal): Promise<BackupReply> {
    switch (step) {
      case 'open':
        return { files: await this.#open(signal) }
      case 'takeSnapshot':
        return { tables: await this.#takeSnapshot(signal) }
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

  get #copies(): readonly Copy[] {
    return present(this.#underWay, 'a backup is under way')
  }

  async #open(signal: AbortSignal): Promise<BackupFile[]> {
    this.mustNotRun()
    const { databases, databasesDirectory, openConnection } = this.#context()
    const copies = databases.files.map(({ name, file }, index): Copy => ({
      database: name,
      copy: copyName(index),
      nameInBackup: file,
      file: newCopyFile(databasesDirectory),
      connection: openConnection(),
      tables: [],
    }))
    this.#underWay = copies
    try {
      for (const copy of copies) {
        await this.#ask(copy, { what: 'attach', file: copy.file }, 'fresh', signal)
      }
    } catch (error) {
      await this.#close()
      throw error
    }
    return copies.map(({ nameInBackup: name, file }) => ({ name, file }))
  }

  async #takeSnapshot(signal: AbortSignal): Promise<number> {
    await Promise.all(
      this.#copies.map(async (copy) => {
        // the gate's lane always has a worker soon: commits of metadata wait for this
        const outcome = await this.#ask(copy, { what: 'snapshot' }, 'gate', signal)
        copy.tables = outcome && 'tables' in outcome ? outcome.tables : []
      }),
    )
    return this.#copies.reduce((count, { tables }) => count + tables.length, 0)
  }

  async #copyNext(signal: AbortSignal): Promise<BackupReply> {
    const copy = this.#copies.find(({ tables }) => tables.length > 0)
    const [table, ...rest] = copy?.tables ?? []
    if (!copy || !table) return {}
    const outcome = await this.#ask(copy, { what: 'copy', table }, 'long', signal)
    copy.tables = rest
    const rows = outcome && 'copiedRows' in outcome ? outcome.copiedRows : 0
    return { copied: { ...table, rows } }
  }

  /** First all are committed: a copy's own transaction would keep the others from their checkpoints. */
  async #finish(signal: AbortSignal): Promise<void> {
    for (const copy of this.#copies) await this.#ask(copy, { what: 'commit' }, 'long', signal)
    for (const copy of this.#copies) await this.#checkpoint(copy, signal)
  }

  async #checkpoint(copy: Copy, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + CHECKPOINT_MS_MAX
    for (;;) {
      const outcome = await this.#ask(copy, { what: 'checkpoint' }, 'long', signal)
      if (outcome && 'checkpointed' in outcome && outcome.checkpointed) return
      if (performance.now() > deadline) throw keptFromCheckpoint()
      await new Promise((resolve) => setTimeout(resolve, CHECKPOINT_AGAIN_MS))
    }
  }

  async #close(): Promise<void> {
    const copies = this.#underWay
    if (!copies) return
    const never = new AbortController().signal
    for (const copy of copies) {
      await this.#ask(copy, { what: 'detach', file: copy.file }, 'fresh', never)
      this.#context().disposeConnection(copy.connection)
    }
    this.#underWay = undefined
  }

  async #ask(
    { database, copy, connection }: Copy,
    ask: BackupTask,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<Outcomes['backup']> {
    const { pool, interrupt } = this.#context()
    const { address } = connection
    const of = { database, copy }
    return await connection.lock.run(async () => {
      const job = pool.submit<'backup'>({ kind: 'backup', connection: address, of, ask }, { lane })
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
