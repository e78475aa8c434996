/** Functions of BLUE that are refused by name, with what to do instead or the reason why. */

const REFUSALS: Readonly<Record<string, string>> = {
  crc64: 'BLUE does not say which of the checksums of this name it is.',
  array_position: 'BLUE does not say whether its places begin with 0 or 1.',
  safe_cast: 'Write TRY_CAST.',
  explain: 'Write EXPLAIN and the statement.',
  save_query: 'There are no saved queries: use a view, or a prepared statement of the driver.',
  execute_saved_query: 'There are no saved queries: use a view.',
  drop_saved_query: 'There are no saved queries.',
  recompile_saved_query: 'There are no saved queries.',
  recompile_view: 'Views need no compilation.',
  fetch_column_histogram: 'There are no statistics to be seen.',
  cleanup_chunks: 'Storage cleans itself up.',
  cleanup_extents: 'Storage cleans itself up.',
  set_parallel_delete_threads: 'Deletes are run in parallel by themselves.',
  get_metadata_chunk_key: 'It is about the storage of BLUE.',
  export_reproducible_sample: 'It is about the storage of BLUE.',
  get_ddl: 'It is called by a SELECT of its own.',
  get_view_ddl: 'DESCRIBE VIEWS shows the text of a view.',
  get_function_ddl: 'DESCRIBE USER FUNCTIONS shows the text of a function.',
  dump_database_ddl: 'Use GET_DDL for each table.',
}

/** By name. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map(Object.entries(REFUSALS))
