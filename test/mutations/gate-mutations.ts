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
    without: 'EXPLAIN ANALYZE of a write',
    file: 'check-explain.ts',
    find: `if (analyze && action.kind !== 'read') {`,
    replace: `if (action.kind === 'define') {`,
  },
]
