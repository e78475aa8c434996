/** Whose SQL a session speaks where the same words mean different things (design, decision 11). */
export type Dialect = 'auto' | 'blue' | 'postgres' | 'duckdb'
