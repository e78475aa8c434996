/**
 * Saved queries: texts that a role keeps in a database under a name, with `?` for values.
 *
 * A text alone: it is read and authorized anew whenever it is executed, with the rights of whoever does.
 * Source: BLUE SQL, SAVE_QUERY.
 */
export interface SavedQuery {
  readonly id: string
  /** The database's name: one of this name that is made later has it, too. */
  readonly database: string
  /** The role that saved it. Names are those of one role: others may have the same ones. */
  readonly ownerRoleId: string
  readonly name: string
  readonly text: string
  /** In which `text` is written. */
  readonly dialect: string
  readonly createdAt: string
}

export interface SavedQueries {
  /** By name. */
  listSavedQueries(database: string): readonly SavedQuery[]
  /** @throws GatewayError `duplicate_object`, `program_limit`, `invalid_parameter_value`. */
  saveQuery(query: Omit<SavedQuery, 'id' | 'createdAt'>): Promise<void>
  /** Does nothing when it is gone. */
  dropSavedQuery(id: string): Promise<void>
}

/** The saved queries of the roles that one acts with, the own role's first. */
export function queriesOf(
  queries: readonly SavedQuery[],
  held: readonly { readonly id: string }[],
): SavedQuery[] {
  return held.flatMap(({ id }) => queries.filter(({ ownerRoleId }) => ownerRoleId === id))
}
