/** A statement with its parameters' values, ready to run, running, suspended or at its end. */
import type { ParameterValue } from '../../columnar/parameter-value.ts'
import type { Schema } from '../../columnar/column-type.ts'
import type { ColumnFormat } from '../../columnar/result-format.ts'
import type { RunningStatement } from '../../execution/executor.ts'
import type { PreparedStatement } from './prepared-statement.ts'

export interface Portal {
  readonly prepared: PreparedStatement
  readonly parameters: readonly ParameterValue[]
  /** Engine type names, one a parameter. */
  readonly parameterTypes: readonly (string | undefined)[]
  /** As the client asked for them: none, one for all, or one each. */
  readonly resultFormats: readonly ColumnFormat[]
  /** The columns that the client was told, or that its formats were chosen by. */
  announced: Schema | undefined
  /** Lives as long as the portal: a suspended one is stopped by it too. */
  readonly stop: AbortController
  progress: PortalProgress
}

export type PortalProgress =
  | { readonly kind: 'ready' }
  | { readonly kind: 'running'; readonly running: RunningStatement }
  /** `tag` of the last part; `rows`: whether it could give rows at all. */
  | { readonly kind: 'finished'; readonly tag: string; readonly rows: boolean }

/** Lets the engine go. Never throws. */
export async function closePortal(portal: Portal): Promise<void> {
  const { progress } = portal
  portal.progress = { kind: 'finished', tag: '', rows: false }
  if (progress.kind === 'running') await progress.running.close()
}
