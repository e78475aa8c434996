/**
 * How the view of a foreign table learns which files it is to read: from a variable of the connection,
 * which the host sets to a list of checked paths for each statement and takes away again. Without it
 * the view cannot be bound at all.
 */

/** Of the foreign table with this id. A word: the engine takes no quoted one. */
export function fileVariable(tableId: string): string {
  return `files_${tableId.replaceAll(/\W/g, '_')}`
}

/**
 * What the text of an error begins with that a foreign table's own query raises for a value; then
 * comes a JSON object with `column` and `path`.
 */
export const BAD_VALUE = 'bluegate bad value '
