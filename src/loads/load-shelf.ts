/**
 * The loads that there are, and their files: whose they are, how many, and how long they are kept.
 *
 * It knows nothing of tables. A load is its caller's alone: to others it does not exist.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { Log } from '../base/log.ts'
import { KEPT_MS, displayName, newLoad, ownerOf } from './load.ts'
import type { Load, LoadWithFile } from './load.ts'
import type { LoadCaller, UploadRequest } from './loads.ts'
import type { UploadStore } from './upload-store.ts'

const SWEEP_MS = 60 * 1000

/** Loads that are over, of one caller: the oldest go. */
const ENDED_MAX = 100

export class LoadShelf {
  readonly #uploads: UploadStore
  readonly #openMax: number
  readonly #log: Log
  readonly #loads = new Map<string, Load>()
  /** By caller: files that are still coming. */
  readonly #arriving = new Map<string, number>()
  readonly #sweeper: NodeJS.Timeout

  /** @param parts.openMax Files of one caller at the same time. */
  constructor(parts: { uploads: UploadStore; openMax: number; log: Log }) {
    this.#uploads = parts.uploads
    this.#openMax = parts.openMax
    this.#log = parts.log
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS).unref()
  }

  /** @throws GatewayError `undefined_object`, also for a load of somebody else. */
  find(caller: LoadCaller, id: string): Load {
    const load = this.#loads.get(id)
    if (load?.owner !== ownerOf(caller)) {
      throw new GatewayError('undefined_object', 'there is no such load')
    }
    load.usedAt = Date.now()
    return load
  }

  /** As `find`. @throws GatewayError when the load runs, or has no file any more. */
  findIdle(caller: LoadCaller, id: string): LoadWithFile {
    const load = this.find(caller, id)
    const { path, state } = load
    if (state === 'running') {
      throw new GatewayError('object_in_use', 'the load is running')
    }
    if (path === undefined) {
      throw new GatewayError('object_not_in_prerequisite_state', `the load has ${state}`, {
        hint: 'Send the file again.',
      })
    }
    return Object.assign(load, { path })
  }

  /** In the order in which they came. */
  ofCaller(caller: LoadCaller): Load[] {
    return [...this.#loads.values()].filter(({ owner }) => owner === ownerOf(caller))
  }

  /** @throws GatewayError `configuration_limit`, or what the store says; nothing is kept then. */
  async receive(caller: LoadCaller, request: UploadRequest): Promise<LoadWithFile> {
    const owner = ownerOf(caller)
    const coming = this.#arriving.get(owner) ?? 0
    const holding = this.ofCaller(caller).filter(({ path }) => path !== undefined).length
    if (coming + holding >= this.#openMax) {
      const most = `a caller has at most ${this.#openMax} open loads`
      throw new GatewayError('configuration_limit', most, {
        hint: 'Finish or remove one of them, or raise load.openMax.',
      })
    }
    this.#arriving.set(owner, coming + 1)
    try {
      const { format, body, announcedBytes } = request
      const fileName = displayName(request.fileName)
      const isText = format === 'csv'
      const { path, bytes } = await this.#uploads.receive(body, { isText, announcedBytes })
      const load = newLoad({ owner, fileName, format, bytes, path })
      this.#loads.set(load.id, load)
      return load
    } finally {
      const left = (this.#arriving.get(owner) ?? 1) - 1
      if (left === 0) this.#arriving.delete(owner)
      else this.#arriving.set(owner, left)
    }
  }

  /** The load is not there any more, nor is its file. */
  async remove(load: Load): Promise<void> {
    this.#loads.delete(load.id)
    await this.forgetFile(load)
  }

  /** The load stays, to be told of. Never rejects: the next start removes what cannot be removed. */
  async forgetFile(load: Load): Promise<void> {
    const { path } = load
    load.path = undefined
    if (path === undefined) return
    await this.#uploads.remove(path).catch((error: unknown) => {
      this.#log.error({ error, load: load.id }, 'an uploaded file could not be removed')
    })
  }

  /** Of the loads of one caller that are over, keeps the newest. */
  dropOldest(caller: LoadCaller): void {
    const over = this.ofCaller(caller)
      .filter(({ path, state }) => path === undefined && state !== 'running')
      .toSorted((one, other) => other.usedAt - one.usedAt)
    for (const { id } of over.slice(ENDED_MAX)) this.#loads.delete(id)
  }

  /** Ends what runs, with `reason`, and removes all files. */
  async close(reason: GatewayError): Promise<void> {
    clearInterval(this.#sweeper)
    for (const { stop } of this.#loads.values()) stop?.abort(reason)
    for (const load of this.#loads.values()) {
      await load.ended
      await this.forgetFile(load)
    }
  }

  async #sweep(): Promise<void> {
    const before = Date.now() - KEPT_MS
    for (const load of this.#loads.values()) {
      if (load.state !== 'running' && load.usedAt < before) await this.remove(load)
    }
  }
}
