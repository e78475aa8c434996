/** Functions of BLUE that are refused by name, with what to do instead or the reason why. */

const ALONE = 'Inside of a query; it is called by a SELECT of its own.'

const REFUSALS: Readonly<Record<string, string>> = {
  crc64: 'BLUE does not say which of the checksums of this name it is.',
  array_position: 'BLUE does not say whether its places begin with 0 or 1.',
  safe_cast: 'Write TRY_CAST.',
  explain: ALONE,
  save_query: ALONE,
  execute_saved_query: ALONE,
  drop_saved_query: ALONE,
  recompile_saved_query: ALONE,
  recompile_view: ALONE,
  fetch_column_histogram: 'There are no statistics to be seen.',
  cleanup_chunks: 'Storage cleans itself up.',
  cleanup_extents: 'Storage cleans itself up.',
  set_parallel_delete_threads: 'Deletes are run in parallel by themselves.',
  get_metadata_chunk_key: 'It is about the storage of BLUE.',
  export_reproducible_sample: 'It is about the storage of BLUE.',
  get_ddl: ALONE,
  get_view_ddl: ALONE,
  get_function_ddl: ALONE,
  dump_database_ddl: ALONE,
}

/** By name. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map(Object.entries(REFUSALS))
