/** Holds what is ours; nobody sees it. One in each database: a transaction writes to one alone. */
export const INTERNAL_SCHEMA = 'bluegate_internal'
