/**
 * The functions of libduckdb that this program uses, typed.
 *
 * Handles are plain `bigint` addresses: they mean the same in every thread of the process. Out
 * parameters are typed arrays, which the callee fills during the call. The full contract of each
 * function is in duckdb.h of the version that package.json pins; who frees what is said here, since
 * that is what a caller gets wrong.
 *
 * This folder is the only one that loads native code or reads native memory (design, decision 17).
 */
import koffi from 'koffi'
import { libraryPath } from './library-path.ts'

/** An opaque handle, or the address of a struct. */
export type Address = bigint

/** What may stand where C wants a pointer: an address, or memory of ours to read or fill. */
export type Pointer = Address | Uint8Array | BigUint64Array | null

/** A count or index: koffi gives a number up to 2^53 and a bigint above. */
type Count = number | bigint

/**
 * The engine parses, plans and runs on the stack that koffi makes for calls, not on the thread's.
 * 16 MiB is koffi's maximum, reserved for each thread and committed as it is used; with koffi's
 * default of 2 MiB deeply nested but legal SQL would crash the process.
 */
const CALL_STACK_BYTES = 16 * 1024 * 1024

// The setting is the process's: once any thread has loaded a library it is in force, and locked.
if (koffi.config().sync_stack_size !== CALL_STACK_BYTES) {
  koffi.config({ sync_stack_size: CALL_STACK_BYTES })
}

const library = koffi.load(libraryPath())

/** `duckdb_result`, which `duckdb_fetch_chunk` and some others take by value. */
koffi.struct('duckdb_result', {
  deprecatedColumnCount: 'uint64',
  deprecatedRowCount: 'uint64',
  deprecatedRowsChanged: 'uint64',
  deprecatedColumns: 'void *',
  deprecatedErrorMessage: 'void *',
  internalData: 'void *',
})

/** `duckdb_query_progress_type`. */
koffi.struct('duckdb_query_progress_type', {
  percentage: 'double',
  rowsProcessed: 'uint64',
  totalRowsToProcess: 'uint64',
})

export const RESULT_BYTES = 48

/** A copy of the struct's fields. Only the last one is read by the functions below. */
export interface ResultByValue {
  readonly deprecatedColumnCount: bigint
  readonly deprecatedRowCount: bigint
  readonly deprecatedRowsChanged: bigint
  readonly deprecatedColumns: null
  readonly deprecatedErrorMessage: null
  readonly internalData: Address
}

const p = 'void *'

function bind<F>(name: string, result: string, ...parameters: string[]): F {
  // koffi's functions are typed `any` throughout: this cast is the border.
  return library.func(`duckdb_${name}`, result, parameters) as unknown as F
}

type Get<T> = (handle: Address) => T
type GetAt<T> = (handle: Address, index: number) => T
/** Takes a cell that holds the handle, frees what it points at, and sets the cell to 0. */
type Destroy = (cell: BigUint64Array) => void
/** 0 = success. */
type State = number

export const duckdb = {
  malloc: bind<(bytes: number) => Address>('malloc', p, 'size_t'),
  free: bind<(address: Address) => void>('free', 'void', p),

  createConfig: bind<(out: BigUint64Array) => State>('create_config', 'int', p),
  setConfig: bind<(config: Address, name: Pointer, value: Pointer) => State>(
    'set_config',
    'int',
    p,
    p,
    p,
  ),
  destroyConfig: bind<Destroy>('destroy_config', 'void', p),
  /** On failure `outError` holds text to be freed with `free`. */
  openExt: bind<
    (path: Pointer, out: BigUint64Array, config: Address, outError: BigUint64Array) => State
  >('open_ext', 'int', p, p, p, p),
  close: bind<Destroy>('close', 'void', p),

  connect: bind<(database: Address, out: BigUint64Array) => State>('connect', 'int', p, p),
  disconnect: bind<Destroy>('disconnect', 'void', p),
  interrupt: bind<(connection: Address) => void>('interrupt', 'void', p),
  queryProgress: bind<(connection: Address) => { readonly percentage: number }>(
    'query_progress',
    'duckdb_query_progress_type',
    p,
  ),

  /** The result must be destroyed, also after a failure. Runs all statements, keeps the last result. */
  query: bind<(connection: Address, sql: Pointer, result: Address) => State>(
    'query',
    'int',
    p,
    p,
    p,
  ),
  destroyResult: bind<(result: Address) => void>('destroy_result', 'void', p),
  resultError: bind<Get<string | null>>('result_error', 'str', p),
  resultErrorType: bind<Get<number>>('result_error_type', 'int', p),
  resultReturnType: bind<(result: ResultByValue) => number>(
    'result_return_type',
    'int',
    'duckdb_result',
  ),
  /** Null at the end and after a failure: ask `resultErrorType`. The chunk must be destroyed. */
  fetchChunk: bind<(result: ResultByValue) => Address | null>('fetch_chunk', p, 'duckdb_result'),
  columnCount: bind<Get<Count>>('column_count', 'uint64', p),
  columnType: bind<GetAt<number>>('column_type', 'int', p, 'uint64'),
  columnName: bind<GetAt<string>>('column_name', 'str', p, 'uint64'),
  /** To be destroyed. */
  columnLogicalType: bind<GetAt<Address>>('column_logical_type', p, p, 'uint64'),
  /** To be destroyed. Refers to the connection, which must be open while it is used. */
  resultGetArrowOptions: bind<Get<Address>>('result_get_arrow_options', p, p),
  destroyArrowOptions: bind<Destroy>('destroy_arrow_options', 'void', p),

  /** The statement must be destroyed, also after a failure. */
  prepare: bind<(connection: Address, sql: Pointer, out: BigUint64Array) => State>(
    'prepare',
    'int',
    p,
    p,
    p,
  ),
  prepareError: bind<Get<string | null>>('prepare_error', 'str', p),
  destroyPrepare: bind<Destroy>('destroy_prepare', 'void', p),
  parameterCount: bind<Get<Count>>('nparams', 'uint64', p),
  /** To be destroyed; null where the number is unknown. */
  parameterLogicalType: bind<GetAt<Address | null>>('param_logical_type', p, p, 'uint64'),
  /** To be freed; null where the number is unknown. */
  parameterName: bind<GetAt<Address | null>>('parameter_name', p, p, 'uint64'),
  statementType: bind<Get<number>>('prepared_statement_type', 'int', p),
  statementColumnCount: bind<Get<Count>>('prepared_statement_column_count', 'uint64', p),
  /** To be freed. */
  statementColumnName: bind<GetAt<Address | null>>(
    'prepared_statement_column_name',
    p,
    p,
    'uint64',
  ),
  /** To be destroyed. */
  statementColumnLogicalType: bind<GetAt<Address | null>>(
    'prepared_statement_column_logical_type',
    p,
    p,
    'uint64',
  ),

  clearBindings: bind<Get<State>>('clear_bindings', 'int', p),
  bindNull: bind<GetAt<State>>('bind_null', 'int', p, 'uint64'),
  bindBoolean: bind<(s: Address, n: number, value: boolean) => State>(
    'bind_boolean',
    'int',
    p,
    'uint64',
    'bool',
  ),
  bindInt64: bind<(s: Address, n: number, value: bigint) => State>(
    'bind_int64',
    'int',
    p,
    'uint64',
    'int64',
  ),
  bindDouble: bind<(s: Address, n: number, value: number) => State>(
    'bind_double',
    'int',
    p,
    'uint64',
    'double',
  ),
  /** Copies the bytes, which must be UTF-8 and may contain zeros. */
  bindVarcharLength: bind<(s: Address, n: number, value: Uint8Array, length: number) => State>(
    'bind_varchar_length',
    'int',
    p,
    'uint64',
    p,
    'uint64',
  ),
  /** Copies the bytes. */
  bindBlob: bind<(s: Address, n: number, value: Uint8Array, length: number) => State>(
    'bind_blob',
    'int',
    p,
    'uint64',
    p,
    'uint64',
  ),

  /** The pending result must be destroyed, also after a failure. */
  pendingPreparedStreaming: bind<(s: Address, out: BigUint64Array) => State>(
    'pending_prepared_streaming',
    'int',
    p,
    p,
  ),
  /** Gives a `duckdb_pending_state`. */
  pendingExecuteTask: bind<Get<number>>('pending_execute_task', 'int', p),
  pendingExecutionIsFinished: bind<(state: number) => boolean>(
    'pending_execution_is_finished',
    'bool',
    'int',
  ),
  pendingError: bind<Get<string | null>>('pending_error', 'str', p),
  executePending: bind<(pending: Address, result: Address) => State>(
    'execute_pending',
    'int',
    p,
    p,
  ),
  destroyPending: bind<Destroy>('destroy_pending', 'void', p),

  typeId: bind<Get<number>>('get_type_id', 'int', p),
  /** To be freed; null when there is none. */
  typeAlias: bind<Get<Address | null>>('logical_type_get_alias', p, p),
  createLogicalType: bind<(id: number) => Address>('create_logical_type', p, 'int'),
  destroyLogicalType: bind<Destroy>('destroy_logical_type', 'void', p),
  decimalWidth: bind<Get<number>>('decimal_width', 'uint8', p),
  decimalScale: bind<Get<number>>('decimal_scale', 'uint8', p),
  enumSize: bind<Get<number>>('enum_dictionary_size', 'uint32', p),
  /** To be freed. */
  enumLabel: bind<GetAt<Address>>('enum_dictionary_value', p, p, 'uint64'),
  /** The types below are to be destroyed, the names freed. */
  listChildType: bind<Get<Address>>('list_type_child_type', p, p),
  arrayChildType: bind<Get<Address>>('array_type_child_type', p, p),
  arraySize: bind<Get<Count>>('array_type_array_size', 'uint64', p),
  mapKeyType: bind<Get<Address>>('map_type_key_type', p, p),
  mapValueType: bind<Get<Address>>('map_type_value_type', p, p),
  structSize: bind<Get<Count>>('struct_type_child_count', 'uint64', p),
  structFieldName: bind<GetAt<Address>>('struct_type_child_name', p, p, 'uint64'),
  structFieldType: bind<GetAt<Address>>('struct_type_child_type', p, p, 'uint64'),
  unionSize: bind<Get<Count>>('union_type_member_count', 'uint64', p),
  unionMemberName: bind<GetAt<Address>>('union_type_member_name', p, p, 'uint64'),
  unionMemberType: bind<GetAt<Address>>('union_type_member_type', p, p, 'uint64'),

  createDataChunk: bind<(types: BigUint64Array, count: number) => Address>(
    'create_data_chunk',
    p,
    p,
    'uint64',
  ),
  destroyDataChunk: bind<Destroy>('destroy_data_chunk', 'void', p),
  /** Lets go of the vectors that were referenced. */
  resetDataChunk: bind<(chunk: Address) => void>('data_chunk_reset', 'void', p),
  chunkSize: bind<Get<Count>>('data_chunk_get_size', 'uint64', p),
  setChunkSize: bind<(chunk: Address, size: number) => void>(
    'data_chunk_set_size',
    'void',
    p,
    'uint64',
  ),
  /** Vectors, their children and their memory belong to the chunk. */
  chunkVector: bind<GetAt<Address>>('data_chunk_get_vector', p, p, 'uint64'),
  referenceVector: bind<(to: Address, from: Address) => void>(
    'vector_reference_vector',
    'void',
    p,
    p,
  ),
  /** To be destroyed. */
  vectorType: bind<Get<Address>>('vector_get_column_type', p, p),
  vectorData: bind<Get<Address | null>>('vector_get_data', p, p),
  /** Null when no row is NULL. */
  vectorValidity: bind<Get<Address | null>>('vector_get_validity', p, p),
  listChild: bind<Get<Address>>('list_vector_get_child', p, p),
  listChildSize: bind<Get<Count>>('list_vector_get_size', 'uint64', p),
  structChild: bind<GetAt<Address>>('struct_vector_get_child', p, p, 'uint64'),
  arrayChild: bind<Get<Address>>('array_vector_get_child', p, p),

  /** Gives an error to be destroyed, or null. Fills an `ArrowArray`, which has its own release. */
  dataChunkToArrow: bind<(options: Address, chunk: Address, out: BigUint64Array) => Address | null>(
    'data_chunk_to_arrow',
    p,
    p,
    p,
    p,
  ),
  errorHasError: bind<Get<boolean>>('error_data_has_error', 'bool', p),
  errorMessage: bind<Get<string | null>>('error_data_message', 'str', p),
  destroyErrorData: bind<Destroy>('destroy_error_data', 'void', p),
}
