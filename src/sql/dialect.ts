/**
 * Whose SQL a session speaks where the same words mean different things: BLUE's, which is rewritten
 * for the engine (`blue/`); or the engine's own, with PostgreSQL's and BLUE's statements of our own
 * before it, or without them where the engine has the same words (`duckdb`).
 */
export type Dialect = (typeof DIALECTS)[number]

export const DIALECTS = ['blue', 'postgres', 'duckdb'] as const
