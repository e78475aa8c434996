/**
 * What the gateway may ask of the engine host, and what it answers: the bodies of the control
 * frames. Plain data; numbers that JSON cannot hold exactly travel as text.
 */
import type { Schema } from '../../columnar/column-type.ts'
import type { ResultFormat } from '../../columnar/result-format.ts'
import type { WireParameter } from './wire-parameter.ts'

/** Session numbers are the gateway's; `undefined` where none is meant. */
export type Request =
  | ({ readonly call: 'open' } & OpenRequest)
  | { readonly call: 'openSession'; readonly session: number }
  | { readonly call: 'closeSession'; readonly session: number }
  | {
      readonly call: 'begin'
      readonly session: number
      readonly isolation: 'read committed' | 'repeatable read' | 'serializable'
      readonly readOnly: boolean
    }
  | { readonly call: 'commit'; readonly session: number }
  | { readonly call: 'rollback'; readonly session: number }
  | ({ readonly call: 'describe' } & StatementRequest)
  | ({ readonly call: 'run' } & RunRequest)
  /** Of a `run` with `tracksProgress` that is not replied to. */
  | { readonly call: 'progress'; readonly portal: number }
  /** Answered when its handles are free. */
  | { readonly call: 'closePortal'; readonly portal: number }
  | { readonly call: 'parse'; readonly session?: number; readonly text: string }
  | {
      readonly call: 'regenerate'
      readonly session?: number
      readonly run: string
      /** Where it is not `run`. */
      readonly check?: string
      readonly stubs: readonly WireStub[]
      readonly parts: readonly string[]
    }
  | { readonly call: 'deparse'; readonly session?: number; readonly trees: readonly string[] }
  | {
      readonly call: 'plan'
      readonly session?: number
      readonly text: string
      readonly stubs: readonly WireStub[]
    }
  | { readonly call: 'inspect'; readonly session?: number; readonly source: WireFileSource }
  | { readonly call: 'readDefinitions'; readonly session?: number }
  | ({ readonly call: 'loadFile' } & LoadFileCall)
  /** Outside of any transaction. Ids are the gateway's; `schemaId`: of its schema `public`. */
  | {
      readonly call: 'createDatabase'
      readonly name: string
      readonly databaseId: string
      readonly schemaId: string
    }
  | { readonly call: 'dropDatabase'; readonly name: string }
  | { readonly call: 'discardTemporary'; readonly session: number }
  | { readonly call: 'backup'; readonly step: BackupStep }
  /** Checkpoints and closes the database; the host then ends. */
  | { readonly call: 'stop' }

export interface OpenRequest {
  readonly dataDirectory: string
  readonly tempDirectory: string
  /** Realpaths beside the databases directory that statements may read files of. */
  readonly allowedDirectories: readonly string[]
  /** Databases of others, to be read. */
  readonly attached: readonly AttachedFile[]
  readonly limits: HostLimits
  /** Above every version that an earlier host gave out. */
  readonly firstVersion: number
}

/** A DuckDB file that others write. */
export interface AttachedFile {
  readonly name: string
  /** A realpath. */
  readonly file: string
}

export interface HostLimits {
  /** Of the engine's buffers; lists and strings beyond it are bounded by the address space. */
  readonly memoryBytes: number
  /** Of the engine itself, shared by all statements. */
  readonly threads: number
  /** Threads that run one statement at a time each. */
  readonly workers: number
  /** Of one result that is put aside, on disk. */
  readonly spoolBytesMax: number
}

export interface StatementRequest {
  readonly session: number
  readonly text: string
  readonly catalogVersion: number
  /** Of the foreign tables in it. */
  readonly files: readonly WireFiles[]
}

export interface WireFileSource {
  readonly format: 'csv' | 'json' | 'parquet'
  /** Of the location: a realpath. */
  readonly directory: string
  readonly path: string
}

export interface WireFiles extends WireFileSource {
  readonly tableId: string
  readonly columns: readonly WireFileColumn[]
}

export interface WireFileColumn {
  readonly name: string
  readonly typeName: string
}

export interface RunRequest extends StatementRequest {
  /** Run after `text`, in the same transaction: none for what has rows. */
  readonly further: readonly string[]
  readonly action: WireAction
  readonly parameters: readonly WireParameter[]
  readonly format: ResultFormat
  readonly rowsMax: number
  readonly tracksProgress?: boolean
}

export type WireAction =
  | { readonly kind: 'read' }
  | { readonly kind: 'write' }
  | {
      readonly kind: 'define'
      readonly database: string
      readonly registers: readonly WireRegisteredObject[]
      readonly unregisters: readonly string[]
      readonly amends: readonly WireAmendment[]
      readonly countsRows: boolean
    }

export interface WireRegisteredObject {
  readonly id: string
  readonly kind: 'schema' | 'table' | 'view' | 'foreign table' | 'sequence' | 'function'
  readonly schema?: string
  readonly name?: string
  readonly ownerRole?: string
  readonly source?: WireStoredSource
  readonly sequence?: WireSequenceOptions
  readonly uses?: readonly WireFunctionUse[]
  readonly definition?: WireFunctionDefinition
}

/** How a sequence counts: whole numbers of 64 bits, as text. */
export interface WireSequenceOptions {
  readonly start: string
  readonly increment: string
  readonly minimum: string
  readonly maximum: string
  readonly cycles: boolean
}

export interface WireFunctionUse {
  readonly id: string
  readonly revision: string
}

export interface WireFunctionDefinition {
  readonly revision: string
  readonly parameters: readonly { readonly name: string; readonly type: string }[]
  readonly returns: string
  readonly text: string
  readonly source: string
}

/** Which files a foreign table shows, as the registry keeps it. */
export interface WireStoredSource {
  readonly format: 'csv' | 'json' | 'parquet'
  readonly location: string
  readonly path: string
  readonly csv?: WireCsvForm
}

export interface WireCsvForm {
  readonly delimiter: string
  readonly quote: string
  readonly lineEnd?: '\\n' | '\\r\\n' | '\\r' | undefined
  readonly skip: number
  readonly dateFormat: 'YYYY-MM-DD' | 'YYYYMMDD' | 'YYYY/MM/DD'
}

export type WireAmendment =
  | { readonly kind: 'owner'; readonly id: string; readonly ownerRole: string }
  | { readonly kind: 'name'; readonly id: string; readonly name: string }
  | { readonly kind: 'uses'; readonly id: string; readonly uses: readonly WireFunctionUse[] }
  | {
      readonly kind: 'definition'
      readonly id: string
      readonly definition: WireFunctionDefinition
    }
  | { readonly kind: 'column keys'; readonly id: string; readonly keys: readonly WireColumnKey[] }

export interface WireColumnKey {
  readonly column: string | null
  readonly key: string
}

/** A table without rows that is there while one plan is made. Type names are the engine's own. */
export interface WireStub {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly typeName: string }[]
}

export interface LoadFileCall {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly tableId: string
  readonly path: string
  readonly format: 'parquet' | 'csv'
}

/** As the steps of the port's `EngineBackup`. */
export type BackupStep = 'open' | 'takeSnapshot' | 'copyNext' | 'finish' | 'close'

/** The copy of one database. */
export interface BackupFile {
  /** What it is to be called among the databases of an installation. */
  readonly name: string
  /** Absolute path of the copy. */
  readonly file: string
}

/** What a step of a backup is answered with. */
export interface BackupReply {
  /** Of `open`. */
  readonly files?: readonly BackupFile[]
  /** Of `takeSnapshot`. */
  readonly tables?: number
  /** Of `copyNext`, until all are copied. */
  readonly copied?: { readonly schema: string; readonly name: string; readonly rows: number }
}

/** What each call is answered with. */
export interface Replies {
  open: { readonly version: number; readonly layers: readonly WireLayer[] }
  openSession: null
  closeSession: null
  begin: null
  commit: { readonly outcome: 'committed' | 'rolled_back' }
  rollback: null
  describe: { readonly parameterTypes: readonly (string | null)[]; readonly columns: Schema }
  run: { readonly columns: Schema }
  /** Null while nothing is known. */
  progress: { readonly percent: number | null }
  closePortal: null
  parse: { readonly tree: string }
  regenerate: {
    readonly text: string
    readonly plan: string
    readonly tree: string
    readonly parts: readonly string[]
  }
  deparse: { readonly texts: readonly string[] }
  plan: { readonly plan: string }
  inspect: { readonly columns: readonly WireFileColumn[] }
  readDefinitions: WireDefinitions
  loadFile: { readonly rows: number }
  createDatabase: null
  dropDatabase: null
  discardTemporary: null
  backup: BackupReply
  stop: null
}

/** As `EngineLayer` of the port. */
export interface WireLayer {
  readonly name: 'memory' | 'limits' | 'privileges' | 'files' | 'calls'
  readonly active: boolean
  readonly about: string
}

export type Call = Request['call']
export type Reply = Replies[Call]
/** What the gate asks of the parser and binder alone, and no session's transaction has a part in. */
export type QuestionRequest = RequestOf<'parse' | 'regenerate' | 'deparse' | 'plan'>

const QUESTIONS: ReadonlySet<Call> = new Set(['parse', 'regenerate', 'deparse', 'plan'])

export function isQuestion(request: Request): request is QuestionRequest {
  return QUESTIONS.has(request.call) && !('session' in request)
}

export type RequestOf<C extends Call> = Extract<Request, { readonly call: C }>

/** As `Definitions` of the port, where absent values are null. */
export interface WireDefinitions {
  readonly catalogVersion: number
  readonly databases: readonly {
    readonly id: string
    readonly name: string
    readonly readOnly: boolean
  }[]
  readonly schemas: readonly {
    readonly id: string
    readonly database: string
    readonly name: string
  }[]
  readonly tables: readonly {
    readonly id: string
    readonly kind: 'table' | 'view' | 'foreign table'
    readonly database: string
    readonly schema: string
    readonly name: string
    readonly estimatedRows: number
    readonly primaryKey: readonly string[]
    readonly columns: readonly {
      readonly name: string
      readonly typeName: string
      readonly nullable: boolean
      readonly defaultExpression: string | null
    }[]
    readonly indexes: readonly string[]
    readonly columnKeys: readonly WireColumnKey[]
    readonly view: {
      readonly ownerRole: string
      readonly sql: string
      readonly uses: readonly WireFunctionUse[]
    } | null
    readonly foreign: { readonly ownerRole: string; readonly source: WireStoredSource } | null
  }[]
  readonly sequences: readonly {
    readonly id: string
    readonly database: string
    readonly schema: string
    readonly name: string
    readonly options: WireSequenceOptions
  }[]
  readonly functions: readonly ({
    readonly id: string
    readonly database: string
    readonly name: string
    readonly ownerRole: string
    readonly uses: readonly WireFunctionUse[]
  } & WireFunctionDefinition)[]
}
