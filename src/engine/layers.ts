/**
 * The fences around the engine's process, one inside another: what a statement finds that got past
 * the gate, or a flaw of the engine's native code (docs/security.md).
 *
 * Each is raised where the system has it. What is not there is said, at the start and in the status,
 * and can be insisted on (`engine.layersRequired`).
 */

/**
 * - `memory`: a bound on its address space, so that an allocation fails before the machine is full.
 * - `limits`: no core files, a bound on open files and on the size of a file.
 * - `privileges`: none can be gained, and those of root are given up.
 * - `files`: of the whole file system only its own data, to write, and locations, to read.
 * - `calls`: no sockets, no programs or processes, nothing that manages the machine.
 */
export const LAYER_NAMES = ['memory', 'limits', 'privileges', 'files', 'calls'] as const

export type LayerName = (typeof LAYER_NAMES)[number]

export interface EngineLayer {
  readonly name: LayerName
  readonly active: boolean
  /** What it bounds, or why it is not there; for people. */
  readonly about: string
}

/** What the process is told before it runs anything of the engine. */
export interface FenceRequest {
  /** Made when they are missing. */
  readonly writableDirectories: readonly string[]
  /** Directories, and files. */
  readonly readable: readonly string[]
  /** Of any one file: a database, its log, what a sort puts on disk. */
  readonly fileBytesMax: number
  /** Not raised, because somebody said so. */
  readonly layersOff: readonly LayerName[]
}
