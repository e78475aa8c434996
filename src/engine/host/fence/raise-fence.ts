/**
 * Raises the fences, in two steps: what is inherited by a program that takes this one's place, and
 * then, in that program, what could not be undone before it (no program may be started any more).
 *
 * The rules of files hold for a thread and what comes of it, and Node has threads from its first
 * moment. So they are set here, and the process becomes the host only afterwards, by `execve`.
 */
import { mkdirSync } from 'node:fs'
import { SystemCallError } from '../../duckdb/native/system-call.ts'
import type { EngineLayer, FenceRequest, LayerName } from '../../layers.ts'
import { refuseCalls, refusePrograms } from './call-filter.ts'
import { applyFileRules } from './file-rules.ts'
import { canBecome } from './become.ts'
import { ALWAYS_WRITABLE, neededToExecute, neededToRead } from './needed-files.ts'
import { giveUpPrivileges, limitProcess } from './process-limits.ts'

/** What there is, for the host that is inside. */
export interface Fence {
  readonly layers: readonly EngineLayer[]
  readonly layersOff: readonly LayerName[]
}

export const SWITCHED_OFF = 'switched off (engine.layersOff)'

/**
 * Before the process becomes the host, which must be next, in the same turn of the event loop: that
 * may stand on a call that is refused from now on. Each layer that is not there is left out, and told.
 */
export function raiseOuterLayers(request: FenceRequest): EngineLayer[] {
  for (const path of request.writableDirectories) mkdirSync(path, { recursive: true, mode: 0o700 })
  const { layersOff } = request
  return [
    raise('limits', layersOff, () => {
      limitProcess(request.fileBytesMax)
      return 'no core files, a bound on open files and on the size of a file'
    }),
    raise('privileges', layersOff, () => {
      giveUpPrivileges()
      return 'none can be gained'
    }),
    raise('files', layersOff, () => {
      mustBecome() // the threads that there are already stay outside
      const version = applyFileRules({
        writable: [...request.writableDirectories, ...ALWAYS_WRITABLE],
        readable: [...request.readable, ...neededToRead()],
        executable: neededToExecute(),
      })
      return `its own data, and locations to read (Landlock ${version})`
    }),
    raise('calls', layersOff, () => {
      mustBecome()
      giveUpPrivileges() // filters are for those who did
      refuseCalls()
      return 'no sockets, no processes, nothing that manages the machine'
    }),
  ]
}

/** In the host, before it answers anybody. */
export function closeFence({ layers, layersOff }: Fence): Fence {
  if (layers.some(({ name, active }) => name === 'calls' && active)) refusePrograms()
  return { layers, layersOff }
}

function mustBecome(): void {
  if (!canBecome()) throw new Error(`Node ${process.version} cannot put it in place`)
}

function raise(name: LayerName, layersOff: readonly LayerName[], act: () => string): EngineLayer {
  if (layersOff.includes(name)) return { name, active: false, about: SWITCHED_OFF }
  if (process.platform !== 'linux') {
    return { name, active: false, about: `${process.platform} does not offer it` }
  }
  try {
    return { name, active: true, about: act() }
  } catch (error) {
    return { name, active: false, about: reason(error) }
  }
}

const REASONS: Readonly<Record<number, string>> = {
  1: 'the system does not allow it',
  22: 'the system does not have it in this form',
  38: 'the system does not have it',
  95: 'the system has it switched off',
}

function reason(error: unknown): string {
  if (error instanceof SystemCallError) return REASONS[error.errno] ?? error.message
  return error instanceof Error ? error.message : String(error)
}
