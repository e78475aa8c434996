/**
 * The gate's checks, each with the change that takes it away. A suite that stays green without a
 * check proves nothing about it: `npm run mutate` takes them away one at a time.
 */
export interface Mutation {
  /** What is no longer checked. */
  readonly without: string
  /** Under `src/gate`. */
  readonly file: string
  /** Stands in the file once. */
  readonly find: string
  readonly replace: string
}

export const GATE_MUTATIONS: readonly Mutation[] = [
  {
    without: 'SELECT on the columns that a query reads',
    file: 'check-query.ts',
    find: `  const missing = requires.filter((requirement) => !context.authority.covers(requirement))
  if (missing.length > 0) {`,
    replace: `  const missing = requires.filter((requirement) => !context.authority.covers(requirement))
  if (missing.length > 1_000) {`,
  },
  {
    without: 'the last look at all requirements, CONNECT among them',
    file: 'authorize.ts',
    find: `if (missing.length > 0) throw missingPermissions(missing, authority, [], new Set())`,
    replace: ``,
  },
  {
    without: 'exactly one statement of the kind that it says',
    file: 'authorize.ts',
    find: `if (read?.kind !== 'engine' || read.form !== statement.form || second) {`,
    replace: `if (read?.kind !== 'engine') {`,
  },
  {
    without: 'the comparison of what is printed with what was checked',
    file: 'check-query.ts',
    find: `if (!again || second || !sameTree(statement, again)) {`,
    replace: `if (!again) {`,
  },
  {
    without: 'hidden columns before a binder complains of them',
    file: 'check-query.ts',
    find: `  const hidden = hiddenButWritten(check, context)
  if (hidden) return hidden`,
    replace: ``,
  },
  {
    without: 'rights on a table before its name means anything',
    file: 'visible-names.ts',
    find: `.find((table) => table !== undefined && seesTable(context.authority, table))`,
    replace: `.find((table) => table !== undefined)`,
  },
  {
    without: 'USAGE on the schema of a table',
    file: 'visible-names.ts',
    find: `return usesSchema(authority, table.schema) && authority.knows(tableRef(table))`,
    replace: `return authority.knows(tableRef(table))`,
  },
  {
    without: 'the list of functions that may be called',
    file: 'check-function.ts',
    find: `  if (allowed) return
`,
    replace: `  return
`,
  },
  {
    without: 'the list of properties that a node may have',
    file: 'walk-tree.ts',
    find: `if (typeof role !== 'string') throw unknown(\`the property \${name}\`)`,
    replace: `if (typeof role !== 'string') continue`,
  },
  {
    without: 'the list of kinds of nodes',
    file: 'walk-tree.ts',
    find: `  if (!shape) throw unknown(\`the \${what} \${kind}\`)
  return shape`,
    replace: `  return shape ?? {}`,
  },
  {
    without: 'what must be absent from a node',
    file: 'walk-tree.ts',
    find: `if (!empty) throw unknown('AT, or a PIVOT over a named type')`,
    replace: ``,
  },
  {
    without: 'the depth of subqueries',
    file: 'walk-tree.ts',
    find: `if (this.#subqueryDepth > subqueryDepthMax) throw tooNested('subqueries')`,
    replace: ``,
  },
  {
    without: 'the list of types',
    file: 'tree-check.ts',
    find: `    checkType(type)
`,
    replace: ``,
  },
  {
    without: 'the number of tables in a statement',
    file: 'tree-check.ts',
    find: `if (this.#references > tableReferencesMax) {`,
    replace: `if (this.#references > 1e9) {`,
  },
  {
    without: 'DESCRIBE inside a query',
    file: 'tree-check.ts',
    find: `if (top['from_table'] !== node || !isBareStar(top))`,
    replace: `if (top['from_table'] === 'never')`,
  },
  {
    without: 'the columns of a scan in the plan',
    file: 'verify-plan.ts',
    find: `for (const column of columnsOf(node, known)) columns.add(column)`,
    replace: ``,
  },
  {
    without: 'the list of operators in the plan',
    file: 'verify-plan.ts',
    find: `if (!OPERATORS.has(type.slice('LOGICAL_'.length))) throw new PlanMismatch(\`operator \${type}\`)`,
    replace: ``,
  },
  {
    without: 'functions in the plan',
    file: 'verify-plan.ts',
    find: `if (!known || !isSystem(node)) throw new PlanMismatch(\`function \${name}\`)`,
    replace: ``,
  },
  {
    without: 'tables in the plan that the tree did not name',
    file: 'verify-plan.ts',
    find: `if (!known || known.kind !== 'table' || !this.#scope.tables.has(known)) {`,
    replace: `if (!known) {`,
  },
  {
    without: 'the target of a write in its plan',
    file: 'verify-plan.ts',
    find: `if (!same) throw new PlanMismatch(\`a write to \${textOf(info, 'table')}\`)`,
    replace: ``,
  },
  {
    without: 'the number of writes in a plan',
    file: 'verify-plan.ts',
    find: `if (reader.writes !== 1) throw new PlanMismatch(\`\${reader.writes} writes\`)`,
    replace: ``,
  },
  {
    without: 'columns of other tables in the plan of a write',
    file: 'verify-write.ts',
    find: `if (!known) throw new PlanMismatch(\`column of \${table.name}\`)`,
    replace: ``,
  },
  {
    without: 'the shape of the query that the clauses of a write are put into',
    file: 'write-clauses.ts',
    find: `if (!node || !beside) throw escaped()`,
    replace: `if (!node) throw escaped()`,
  },
  {
    without: 'the number of values in that query',
    file: 'write-clauses.ts',
    find: `if (!clauses.list && items.length !== clauses.values.length + 1) throw escaped()`,
    replace: ``,
  },
  {
    without: 'UPDATE and DELETE on the target of a write',
    file: 'write-clauses.ts',
    find: `    needs,
    unread: target.table,`,
    replace: `    unread: target.table,`,
  },
  {
    without: 'INSERT on the target of an INSERT',
    file: 'check-insert.ts',
    find: `const requires = requireAll(needOnTable('INSERT', table), context.authority)`,
    replace: `const requires = [] as ReturnType<typeof requireAll>`,
  },
  {
    without: 'UPDATE for INSERT OR REPLACE',
    file: 'check-on-conflict.ts',
    find: `requires: requireAll([...needOnTable('UPDATE', table), ...needToRead(table, key)], authority),`,
    replace: `requires: [],`,
  },
  {
    without: 'SELECT on what ON CONFLICT … DO NOTHING names',
    file: 'check-on-conflict.ts',
    find: `const requires = requireAll(needed, context.authority)`,
    replace: `const requires = [] as Requirement[]`,
  },
  {
    without: 'the star of RETURNING beside FROM',
    file: 'check-returning.ts',
    find: `  if (bare) {`,
    replace: `  if (bare && tokens.length === 0) {`,
  },
  {
    without: 'EXPLAIN ANALYZE of a write',
    file: 'check-explain.ts',
    find: `if (analyze && action.kind !== 'read') {`,
    replace: `if (action.kind === 'define') {`,
  },
]
