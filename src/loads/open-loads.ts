/**
 * Loads: a caller sends a file, looks at what would come of it, and has it put into a table.
 *
 * A load's file is there until it is loaded, removed, or was not used for an hour.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import type { Execution } from '../execution/open-execution.ts'
import { documentOf } from './load.ts'
import { LoadRunner } from './load-runner.ts'
import { LoadShelf } from './load-shelf.ts'
import type { Loads } from './loads.ts'
import { checkParquet } from './look-at-parquet.ts'
import type { UploadStore } from './upload-store.ts'

export interface LoadsOptions {
  readonly execution: Pick<Execution, 'openExecutor'>
  readonly uploads: UploadStore
  /** Files of one caller at the same time. */
  readonly openMax: number
  readonly log: Log
}

export function openLoads({ execution, uploads, openMax, log }: LoadsOptions): Loads {
  const shelf = new LoadShelf({ uploads, openMax, log })
  const runner = new LoadRunner({ execution, shelf, log })
  return {
    async upload(caller, request) {
      const load = await shelf.receive(caller, request)
      try {
        if (load.format === 'parquet') await checkParquet(load.path)
      } catch (thrown) {
        await shelf.remove(load)
        throw thrown
      }
      return documentOf(load)
    },

    async preview(caller, id, choice) {
      return await runner.preview(caller, shelf.findIdle(caller, id), choice)
    },

    async start(caller, id, request) {
      const load = shelf.findIdle(caller, id)
      await runner.start(caller, load, request)
      return documentOf(load)
    },

    get: (caller, id) => documentOf(shelf.find(caller, id)),

    list(caller) {
      return shelf
        .ofCaller(caller)
        .toSorted((one, other) => other.uploadedAt.getTime() - one.uploadedAt.getTime())
        .map(documentOf)
    },

    async remove(caller, id) {
      const load = shelf.find(caller, id)
      load.stop?.abort(new GatewayError('cancelled', 'the load was cancelled'))
      await load.ended
      if (load.state !== 'succeeded') load.state = 'cancelled'
      await shelf.remove(load)
      return documentOf(load)
    },

    async stop() {
      await shelf.close(new GatewayError('admin_shutdown', 'the gateway is shutting down'))
    },
  }
}
