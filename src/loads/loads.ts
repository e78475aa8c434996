/** What doors ask of loads. */
import type { Readable } from 'node:stream'
import type { Principal } from '../identity/principal.ts'
import type { SessionOrigin } from '../session/session.ts'
import type { CsvReading } from '../sql/load-statement.ts'
import type { ChosenColumn, LoadDocument, LoadFormat, LoadPreview } from './load-document.ts'

export interface LoadCaller {
  readonly principal: Principal
  readonly address: string
  readonly door: SessionOrigin['door']
  readonly tool: string
}

export interface Loads {
  /** @throws GatewayError as `UploadStore.receive`; `configuration_limit`; or what is wrong with the file. */
  upload(caller: LoadCaller, request: UploadRequest): Promise<LoadDocument>
  /**
   * The first rows as they would be loaded, and what is bad in them.
   * @throws GatewayError `undefined_object` for a load that is not the caller's; for wrong choices.
   */
  preview(caller: LoadCaller, id: string, request: PreviewRequest): Promise<LoadPreview>
  /**
   * Begins to load, once it is clear that the caller may and that names and types are right.
   * @throws GatewayError as `preview`, and what the gate refuses with. The load is as it was then.
   */
  start(caller: LoadCaller, id: string, request: StartRequest): Promise<LoadDocument>
  /** @throws GatewayError `undefined_object`. */
  get(caller: LoadCaller, id: string): LoadDocument
  /** The newest first. */
  list(caller: LoadCaller): LoadDocument[]
  /**
   * Stops it where it runs, and removes it with its file. Answers how it ended: `succeeded` where
   * that came first. @throws GatewayError `undefined_object`.
   */
  remove(caller: LoadCaller, id: string): Promise<LoadDocument>
  /** Stops all of them. */
  stop(): Promise<void>
}

export interface UploadRequest {
  readonly format: LoadFormat
  /** For people. */
  readonly fileName: string
  readonly body: Readable
  readonly announcedBytes: number | undefined
}

export interface PreviewChoice {
  readonly csv?: Partial<CsvReading> | undefined
  /** Undefined: all, with names and types as they seem. */
  readonly columns?: readonly ChosenColumn[] | undefined
}

export interface TableName {
  readonly database: string
  readonly schema: string
  readonly name: string
}

/** With a table, its types and the caller's rights are looked at too. */
export interface PreviewRequest extends PreviewChoice {
  readonly table?: TableName | undefined
  readonly mode?: 'create' | 'append' | undefined
}

export interface StartRequest extends PreviewChoice {
  readonly table: TableName
  readonly mode: 'create' | 'append'
}
