/** The engine's name for what a session has for itself: its temporary tables, in the schema `main`. */
export const TEMPORARY = 'temp'
