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
    find: `return table?.kind === 'table' && this.#scope.tables.has(table) ? table : undefined`,
    replace: `return table?.kind === 'table' ? table : undefined`,
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
  {
    without: 'that a statement is what the caller says',
    file: 'check-statement.ts',
    find: "if (read?.kind !== 'engine' || read.form !== statement.form || second) {",
    replace: "if (read?.kind !== 'engine') {",
  },
  {
    without: 'the comparison of the printed text with what was checked',
    file: 'check-query.ts',
    find: '  if (!again || second || !sameTree(statement, again)) {',
    replace: '  if (!again) {',
  },
  {
    without: 'that the printed text is one statement',
    file: 'check-query.ts',
    find: '  if (!again || second || !sameTree(statement, again)) {',
    replace: '  if (!again || !sameTree(statement, again)) {',
  },
  {
    without: 'hidden columns before what the binder says of them',
    file: 'check-query.ts',
    find: '  if (hidden) return hidden\n',
    replace: '',
  },
  {
    without: 'names of columns that a star stood for, in the words of the binder',
    file: 'engine-complaint.ts',
    find: "const fit = open || !expanded || written?.has((groups[1] ?? '').toLowerCase())",
    replace: 'const fit = true',
  },
  {
    without: 'what the binder says, kept from roles to which columns are hidden',
    file: 'engine-complaint.ts',
    find: "return { kind, message: open && kind !== 'internal' ? line : hidden }",
    replace: 'return { kind, message: line }',
  },
  {
    without: 'the list of properties of nodes',
    file: 'walk-tree.ts',
    find: "if (typeof role !== 'string') throw unknown(`the property ${name}`)",
    replace: "if (typeof role !== 'string') continue",
  },
  {
    without: 'the list of kinds of nodes',
    file: 'walk-tree.ts',
    find: '  if (!shape) throw unknown(`the ${what} ${kind}`)\n  return shape',
    replace: "  return shape ?? new Proxy({}, { get: () => 'leaf' })",
  },
  {
    without: 'the list of kinds of operators',
    file: 'walk-tree.ts',
    find: "if (kind === 'OPERATOR' && !OPERATORS.has(textOf(node, 'type'))) {",
    replace: "if (kind === 'never') {",
  },
  {
    without: 'properties that must be absent',
    file: 'walk-tree.ts',
    find: "  if (!empty) throw unknown('AT, or a PIVOT over a named type')\n",
    replace: '',
  },
  {
    without: 'values where only values may be',
    file: 'walk-tree.ts',
    find: "    throw unknown('a nested value')\n",
    replace: '',
  },
  {
    without: 'the length of lists',
    file: 'walk-tree.ts',
    find: '      if (value.length > listItemsMax) throw listTooLong()\n      for',
    replace: '      for',
  },
  {
    without: 'lambdas inside one another',
    file: 'walk-tree.ts',
    find: "    if (this.#expansion > expansionMax) throw tooNested('lambdas, or calls such as nullif,')\n",
    replace: '',
  },
  {
    without: 'that a common table expression does not see itself',
    file: 'walk-tree.ts',
    find: "      this.role(entry, 'cteEntry', scope)\n      scope.add(textOf(entry, 'key').toLowerCase())",
    replace:
      "      scope.add(textOf(entry, 'key').toLowerCase())\n      this.role(entry, 'cteEntry', scope)",
  },
  {
    without: 'the number of tables',
    file: 'tree-check.ts',
    find: '    if (this.#references > tableReferencesMax) {',
    replace: '    if (this.#references > 1_000_000) {',
  },
  {
    without: 'that a name in parts is no common table expression',
    file: 'tree-check.ts',
    find: 'if (second === undefined && only !== undefined && ctes.has(only.toLowerCase())) return',
    replace: "if (ctes.has(parts.at(-1)?.toLowerCase() ?? '')) return",
  },
  {
    without: 'SHOW in a query',
    file: 'tree-check.ts',
    find: "if (!query || !['DESCRIBE', 'SUMMARY'].includes(kind)) throw notSupported('SHOW in a query')",
    replace: 'if (!query) return',
  },
  {
    without: 'the names of collations',
    file: 'tree-check.ts',
    find: "    if (/^[A-Za-z_][A-Za-z0-9_.]*$/.test(textOf(node, 'collation'))) return\n",
    replace: '    return\n',
  },
  {
    without: 'the columns that DESCRIBE lists',
    file: 'tree-check.ts',
    find: "    const granted = heldColumns(this.#context.authority, 'SELECT', table)",
    replace: '    const granted = table.columns',
  },
  {
    without: 'the names of parameters',
    file: 'tree-check.ts',
    find: '    if (!/^[1-9][0-9]{0,4}$/.test(number)) {',
    replace: "    if (number === '') {",
  },
  {
    without: 'that a name of the principal is for the principal alone',
    file: 'tree-check.ts',
    find: "    if (used === 'user') this.personal = true\n",
    replace: '',
  },
  {
    without: 'EXPORT_STATE',
    file: 'check-function.ts',
    find: "  if (node['export_state'] === true) {",
    replace: "  if (node['export_state'] === 'never') {",
  },
  {
    without: 'functions of other schemas in FROM',
    file: 'check-function.ts',
    find: "  if (place === 'from' || node['class'] !== 'FUNCTION') {",
    replace: "  if (place === 'never' as string) {",
  },
  {
    without: 'types inside of types',
    file: 'check-type.ts',
    find: '    if (fieldType) checkType(fieldType)\n',
    replace: '',
  },
  {
    without: 'types with the name of a schema',
    file: 'check-type.ts',
    find: "if (textOf(info, 'catalog') !== '' || (schema !== '' && schema !== 'pg_catalog')) {",
    replace: "if (schema === 'never') {",
  },
  {
    without: 'the shape of the query that clauses are checked in',
    file: 'write-clauses.ts',
    find: '  if (!node || !plainSelect(node, { where: where !== undefined, ctes: ctes !== undefined })) {',
    replace: '  if (!node) {',
  },
  {
    without: 'the target in the query that clauses are checked in',
    file: 'write-clauses.ts',
    find: '  return isTarget && items.length >= expected',
    replace: '  return items.length >= expected',
  },
  {
    without: 'the number of values of a write',
    file: 'write-clauses.ts',
    find: '  if (!clauses.list && items.length !== clauses.values.length + 1) throw escaped()\n',
    replace: '',
  },
  {
    without: 'SELECT on the columns of ON CONFLICT DO NOTHING',
    file: 'check-on-conflict.ts',
    find: '    const requires = requireAll(needed, context.authority)\n',
    replace: '    const requires = requireAll([], context.authority)\n',
  },
  {
    without: 'UPDATE for ON CONFLICT DO UPDATE',
    file: 'check-on-conflict.ts',
    find: "    [...needOnTable('UPDATE', table), ...needed],",
    replace: '    needed,',
  },
  {
    without: 'a star beside FROM in RETURNING',
    file: 'check-returning.ts',
    find: '  if (bare) {',
    replace: '  if (bare && tokens.length === 0) {',
  },
  {
    without: 'DELETE for TRUNCATE',
    file: 'check-delete.ts',
    find: `  const requires = requireAll(
    tables.flatMap((table) => needOnTable('DELETE', table)),
    context.authority,
  )`,
    replace: `  const requires = requireAll(
    tables.slice(1, 1).flatMap((table) => needOnTable('DELETE', table)),
    context.authority,
  )`,
  },
  {
    without: 'the rights of the branches of a MERGE',
    file: 'check-merge.ts',
    find: '    branches.flatMap(({ action }) => needsOf(action, target)),',
    replace: '    [],',
  },
  {
    without: 'the kinds that EXPLAIN takes',
    file: 'check-explain.ts',
    find: "if (inner?.kind !== 'engine' || !EXPLAINED.includes(inner.form) || second) {",
    replace: "if (inner?.kind !== 'engine' || second) {",
  },
  {
    without: 'DDL on a table that is dropped',
    file: 'check-drop-relation.ts',
    find: `    tables.flatMap((table) => needOnTable('DDL', table)),`,
    replace: `    tables.slice(1, 1).flatMap((table) => needOnTable('DDL', table)),`,
  },
  {
    without: 'DDL on a schema that is dropped',
    file: 'check-drop-schema.ts',
    find: "  const requires = requireAll(needOnSchema('DDL', schema), context.authority)",
    replace: "  const requires = needOnSchema('DDL', schema).slice(0, 0)",
  },
  {
    without: 'what a schema that is dropped still holds',
    file: 'check-drop-schema.ts',
    find: '  refuseUnlessEmpty(schema, context)\n  return',
    replace: '  return',
  },
  {
    without: 'CREATE on the database of a new schema',
    file: 'check-create-schema.ts',
    find: "  const requires = requireAll(needOnDatabase('CREATE', database), authority)",
    replace: "  const requires = needOnDatabase('CREATE', database).slice(0, 0)",
  },
  {
    without: 'names that a new schema may not have',
    file: 'new-name.ts',
    find: '  if (isReservedName(name) || catalog.database(name)) {',
    replace: "  if (name === 'never') {",
  },
  {
    without: 'the shape of the query that a table’s columns are checked in',
    file: 'table-fragments.ts',
    find: '  if (!plainSelect(outer) || !plainSelect(inner)) throw escaped()\n',
    replace: '',
  },
  {
    without: 'the number of expressions in a table’s definition',
    file: 'table-fragments.ts',
    find: '  if (expressions.length !== fragments.expressions.length + 1) throw escaped()\n',
    replace: '',
  },
  {
    without: 'queries in a table’s definition',
    file: 'table-fragments.ts',
    find: "    case 'SUBQUERY':\n",
    replace: '',
  },
  {
    without: 'what a table’s definition says of the session',
    file: 'table-fragments.ts',
    find: "      if (SESSION_FUNCTIONS.has(textOf(node, 'function_name').toLowerCase())) {",
    replace: "      if (textOf(node, 'function_name') === 'never') {",
  },
  {
    without: 'whose columns a table’s definition names',
    file: 'table-fragments.ts',
    find: '  if (second === undefined && columns.has(name)) return\n',
    replace: '  if (second === undefined) return\n',
  },
  {
    without: 'the comparison of a printed definition with what was checked',
    file: 'table-fragments.ts',
    find: '  if (!again || second || !sameTree(statement, again)) {',
    replace: '  if (!again) {',
  },
  {
    without: 'the list of expressions in the plan',
    file: 'verify-plan.ts',
    find: "    if (typeof expression !== 'string' || !EXPRESSIONS.has(expression)) {",
    replace: "    if (typeof expression !== 'string') {",
  },
  {
    without: 'table functions in the plan',
    file: 'verify-plan.ts',
    find: '      if (!ALLOWED_TABLE_FUNCTIONS.has(name) || !isSystem(node)) {',
    replace: "      if (name === 'never') {",
  },
  {
    without: 'that the columns of a scan are those of the table',
    file: 'verify-plan.ts',
    find: '    if (name === undefined || !table.columns.some((known) => known.name === name)) {',
    replace: '    if (name === undefined) {',
  },
  {
    without: 'CONNECT on the database of an object',
    file: 'visible-names.ts',
    find: "  return connects(authority, schema.database) && authority.may('USAGE', schemaRef(schema))",
    replace: "  return authority.may('USAGE', schemaRef(schema))",
  },
  {
    without: 'rights on a schema before its name means anything',
    file: 'visible-names.ts',
    find: '  return schema && seesSchema(authority, schema) ? schema : undefined',
    replace: '  return schema',
  },
  {
    without: 'the role, for an answer that is known',
    file: 'permit-cache.ts',
    find: '    authority.roleId,\n',
    replace: '',
  },
  {
    without: 'the version of the grants, for an answer that is known',
    file: 'permit-cache.ts',
    find: '    authority.grantsVersion,\n',
    replace: '',
  },
  {
    without: 'the version of the catalogue, for an answer that is known',
    file: 'permit-cache.ts',
    find: '    catalog.version,\n',
    replace: '',
  },
  {
    without: 'the search path, for an answer that is known',
    file: 'permit-cache.ts',
    find: '    ...searchPath,\n',
    replace: '',
  },
  {
    without: 'the types of parameters, for an answer that is known',
    file: 'permit-cache.ts',
    find: '    ...parameterTypes,\n',
    replace: '',
  },
  {
    without: 'the columns that PostgreSQL’s catalogue lists',
    file: 'held-columns.ts',
    find: '  return table.columns.filter((one) => readable.includes(one) || alterable.includes(one))',
    replace: '  return table.columns',
  },
  {
    without: 'the tables that PostgreSQL’s catalogue lists',
    file: 'postgres-catalogue/visible-world.ts',
    find: '.filter((table) => table.schema.database.id === database.id && seesTable(authority, table))',
    replace: '.filter((table) => table.schema.database.id === database.id)',
  },
  {
    without: 'the schemas that PostgreSQL’s catalogue lists',
    file: 'postgres-catalogue/visible-world.ts',
    find: '(schema) => schema.database.id === database.id && seesSchema(authority, schema),',
    replace: '(schema) => schema.database.id === database.id,',
  },
  {
    without: 'columns that a refusal names',
    file: 'missing-permissions.ts',
    find: '  return nameable && lacking.length > 0 && lacking.every((one) => written.has(one.toLowerCase()))',
    replace: '  return lacking.length > 0',
  },
  {
    without: 'a WITH beside VALUES, in the comparison of trees',
    file: 'same-tree.ts',
    find: '    ctes.length === 0 &&\n',
    replace: '',
  },
  {
    without: 'CREATE on the schema of a new table',
    file: 'new-relation.ts',
    find: `      ...needOnSchema('CREATE', schema),
`,
    replace: ``,
  },
  {
    without: 'names of nobody for what is dropped and not known',
    file: 'nothing-there.ts',
    find: '`nothing ${randomUUID()}`',
    replace: 'reason',
  },
  {
    without: `the owner's rights on what a view reads`,
    file: 'view-reads.ts',
    find: `        authority: owner,`,
    replace: `        authority: { ...owner, may: () => true, covers: () => true, knows: () => true, columns: () => 'all' } as never,`,
  },
  {
    without: `that the owner of a view exists`,
    file: 'view-reads.ts',
    find: `if (!owner) throw unusable(view, 'its owner does not exist')`,
    replace: `if (!owner) return { requires: [], reads: new Map(), depth: 1 }`,
  },
  {
    without: `that no view reads itself`,
    file: 'view-reads.ts',
    find: `if (!found || [...found.reads.keys()].some(({ id }) => withinViews.includes(id))) {`,
    replace: `if (!found) {`,
  },
  {
    without: `the depth of views over views`,
    file: 'view-reads.ts',
    find: `    if (depth > depthMax) throw unusable(view, 'too many views over views')
`,
    replace: ``,
  },
  {
    without: `what a plan shows beneath a view`,
    file: 'check-explain.ts',
    find: `  refuseWhatViewsHide(requires, context)
`,
    replace: ``,
  },
  {
    without: `values of the session in a view`,
    file: 'check-create-view.ts',
    find: `    if (check.usesSession) {`,
    replace: `    if (check.usesSession && check.personal && !check.statement) {`,
  },
  {
    without: `parameters in a view`,
    file: 'check-create-view.ts',
    find: `    if (hasParameters(check)) {`,
    replace: `    if (hasParameters(check) && !check.statement) {`,
  },
  {
    without: `the shape of the query around that of a view`,
    file: 'check-create-view.ts',
    find: `    if (!isStarOfSubquery(statement)) throw new GatewayError('syntax_error', 'syntax error')
`,
    replace: ``,
  },
  {
    without: `the catalogue in a view`,
    file: 'check-create-view.ts',
    find: `  if (context.system) throw notSupported('a view over the catalogue')
`,
    replace: ``,
  },
  {
    without: `DDL on what CREATE OR REPLACE replaces`,
    file: 'new-relation.ts',
    find: `      ...(existing && replaces ? needOnTable('DDL', existing) : []),
`,
    replace: ``,
  },
  {
    without: `DDL on a table for an index on it`,
    file: 'check-create-index.ts',
    find: `      ...needOnTable('DDL', table),
`,
    replace: ``,
  },
  {
    without: `CREATE on the schema for an index in it`,
    file: 'check-create-index.ts',
    find: `      ...needOnSchema('CREATE', table.schema),
`,
    replace: ``,
  },
  {
    without: `SELECT on what a unique index would tell of`,
    file: 'check-create-index.ts',
    find: `      ...(unique ? needToRead(table, new Set(known)) : []),
`,
    replace: ``,
  },
  {
    without: `DDL on a table for dropping its index`,
    file: 'check-drop-index.ts',
    find: `    indexes.flatMap(({ table }) => needOnTable('DDL', table)),`,
    replace: `    indexes.slice(1, 1).flatMap(({ table }) => needOnTable('DDL', table)),`,
  },
  {
    without: `that an index of a hidden table looks like none`,
    file: 'check-drop-index.ts',
    find: `if (!isIn(table, database, schema) || !seesTable(authority, table)) continue`,
    replace: `if (!isIn(table, database, schema) || !authority || !seesTable) continue`,
  },
  {
    without: `that a hidden sequence looks like none`,
    file: 'visible-names.ts',
    find: `sequence !== undefined && seesSequence(context.authority, sequence)`,
    replace: `sequence !== undefined`,
  },
  {
    without: `USAGE on the schema of a sequence`,
    file: 'visible-names.ts',
    find: `return usesSchema(authority, sequence.schema) && authority.knows(sequenceRef(sequence))`,
    replace: `return authority.knows(sequenceRef(sequence))`,
  },
  {
    without: `USAGE or UPDATE on a sequence that is drawn from`,
    file: 'drawn-sequences.ts',
    find: `    return [...this.#drawn].flatMap((sequence) => needToDraw(sequence, authority))`,
    replace: `    return [...this.#drawn].slice(1, 1).flatMap((sequence) => needToDraw(sequence, authority))`,
  },
  {
    without: `what the defaults of an INSERT draw from`,
    file: 'check-insert.ts',
    find: `  context.sequences.addDefaultsOf(defaultedBy(tokens, given, table), context.catalog)
`,
    replace: ``,
  },
  {
    without: `DEFAULT among the values of a write`,
    file: 'write-head.ts',
    find: `  if (tokens.some((token) => isWord(token, 'default'))) return columns
`,
    replace: ``,
  },
  {
    without: `what the defaults of a COPY draw from`,
    file: 'check-copy-in.ts',
    find: `  context.sequences.addDefaultsOf(others, context.catalog)
`,
    replace: ``,
  },
  {
    without: `that nothing is drawn in views, functions and arguments`,
    file: 'sequence-calls.ts',
    find: `  if (context.mayDraw !== true) throw refused(node, 'nextval in this place', context)
`,
    replace: ``,
  },
  {
    without: `that a CHECK and a USING draw nothing`,
    file: 'table-fragments.ts',
    find: `    if (kind !== 'default') refuseNextval(expression)
`,
    replace: ``,
  },
  {
    without: `that a query which draws is a write`,
    file: 'check-query.ts',
    find: `  return sequences.any ? { kind: 'write', tag: 'SELECT', returning: true } : { kind: 'read' }`,
    replace: `  return sequences.any ? { kind: 'read' } : { kind: 'read' }`,
  },
  {
    without: `which sequences a plan may draw from`,
    file: 'verify-plan.ts',
    find: `    if (!known || !isSystem(node)) throw new PlanMismatch(\`sequence \${name}\`)
`,
    replace: `    if (!known && !node) throw new PlanMismatch(\`sequence \${name}\`)
`,
  },
  {
    without: `CREATE on the schema of a sequence`,
    file: 'check-create-sequence.ts',
    find: `[...needOnSchema('USAGE', schema), ...needOnSchema('CREATE', schema)],`,
    replace: `[...needOnSchema('USAGE', schema)],`,
  },
  {
    without: `DDL on a sequence for dropping it`,
    file: 'check-drop-sequence.ts',
    find: `    sequences.flatMap((sequence) => needOnSequence('DDL', sequence)),`,
    replace: `    sequences.slice(1, 1).flatMap((sequence) => needOnSequence('DDL', sequence)),`,
  },
  {
    without: `DDL for counting from the start again`,
    file: 'check-delete.ts',
    find: `    counting.flatMap((table) => needOnTable('DDL', table)),`,
    replace: `    counting.slice(1, 1).flatMap((table) => needOnTable('DDL', table)),`,
  },
  {
    without: `that GENERATED ALWAYS takes nothing but DEFAULT`,
    file: 'check-values.ts',
    find: `    if (!defaults) throw notDefault(name)
`,
    replace: `    if (!defaults && rows === null) throw notDefault(name)
`,
  },
  {
    without: `that no sequence has a quote in its name`,
    file: 'check-create-sequence.ts',
    find: `  checkNameable(schema.database.name, schema.name, name)
`,
    replace: ``,
  },
  {
    without: `the kind of what is replaced`,
    file: 'new-relation.ts',
    find: `  if (existing && replaces && existing.kind !== kind) throw wrongKind(existing, kind)
`,
    replace: ``,
  },
  {
    without: `DDL on a table before anything is said of it`,
    file: 'check-alter.ts',
    find: `  requireAll(needToAlter(table, []), context.authority)
`,
    replace: ``,
  },
  {
    without: `the rights of the actions before anything is said of columns`,
    file: 'alter-columns.ts',
    find: `requireAll(rightsToAlter(actions, table, context), context.authority)`,
    replace: `rightsToAlter(actions, table, context)`,
  },
  {
    without: `DDL on a table for a new column`,
    file: 'alter-rights.ts',
    find: `        const ddl = needOnTable('DDL', table)`,
    replace: `        const ddl = needToAlter(table, [])`,
  },
  {
    without: `SELECT for what tells whether there are rows`,
    file: 'alter-rights.ts',
    find: `return tellsOfRows(action.column) ? [...ddl, ...needToRead(table, new Set())] : ddl`,
    replace: `return tellsOfRows(action.column) ? ddl : ddl`,
  },
  {
    without: `that USING beside other actions reads its own column alone`,
    file: 'alter-columns.ts',
    find: `const columns = alone ? table.columns : [column]`,
    replace: `const columns = alone || column ? table.columns : [column]`,
  },
  {
    without: `that a value of USING is the same when it is computed again`,
    file: 'table-fragments.ts',
    find: `    if (kind === 'using') givesTheSameAgain(expression)
`,
    replace: ``,
  },
  {
    without: `that a column which may not be known of looks like none`,
    file: 'known-column.ts',
    find: `  return known ? column : undefined`,
    replace: `  return known || column ? column : undefined`,
  },
  {
    without: `SELECT on what USING reads`,
    file: 'alter-rights.ts',
    find: `[...toAlter(name), ...needToRead(table, new Set(read))]`,
    replace: `[...toAlter(name), ...needToRead(table, new Set(own))]`,
  },
  {
    without: `SELECT on a column that must hold no NULL`,
    file: 'alter-rights.ts',
    find: `[...toAlter(action.name), ...toRead([action.name])]`,
    replace: `toAlter(action.name)`,
  },
  {
    without: `that a default in ADD COLUMN is a constant, or is filled in`,
    file: 'new-column.ts',
    find: `  return CONSTANT.test(constant) ? constant : undefined`,
    replace: `  return constant`,
  },
  {
    without: 'INSERT on the table of a COPY before anything is said of its columns',
    file: 'check-copy-in.ts',
    find: `requireAll(needOnTable('INSERT', table), context.authority)`,
    replace: `[requireAll, needOnTable('INSERT', table)][1]`,
  },
  {
    without: 'INSERT on the table of a COPY',
    file: 'check-copy-in.ts',
    find: `    requires,
    action:`,
    replace: `    requires: [],
    action:`,
  },
  {
    without: 'that a COPY fills a column once',
    file: 'check-copy-in.ts',
    find: `if (!twice) return columns`,
    replace: `if (twice ?? true) return columns`,
  },
  {
    without: 'that the options of a COPY name columns of its own',
    file: 'check-copy-in.ts',
    find: `  if (stray === undefined) return
`,
    replace: `  if (stray ?? true) return
`,
  },
  {
    without: `that no temporary table takes the name of a stub`,
    file: 'new-name.ts',
    find: `  if (schema !== TEMPORARY_SCHEMA || !isStubName(name)) return`,
    replace: `  if (name !== '') return`,
  },
  {
    without: `the form of a statement in the key of its permit`,
    file: 'permit-cache.ts',
    find: `    statement.form,
`,
    replace: ``,
  },
  {
    without: `EXECUTE on the functions that a statement calls`,
    file: 'check-query.ts',
    find: `const requires = [...needs, ...calls.own]`,
    replace: `const requires = [...needs]`,
  },
  {
    without: `rights on a function before its name means anything`,
    file: 'function-name.ts',
    find: `return found && seesFunction(authority, found) ? found : undefined`,
    replace: `return found`,
  },
  {
    without: `names of functions that are taken`,
    file: 'function-name.ts',
    find: `  if (taken) throw nameIsTaken(name)
`,
    replace: ``,
  },
  {
    without: `names of functions that are no plain words`,
    file: 'function-name.ts',
    find: `  if (!NAME.test(name)) {`,
    replace: `  if (name === '') {`,
  },
  {
    without: `words of the engine's grammar as names of functions`,
    file: 'check-create-function.ts',
    find: `  if (!same) throw nameIsTaken(name)
`,
    replace: ``,
  },
  {
    without: `CREATE FUNCTION on the database`,
    file: 'check-create-function.ts',
    find: `      ...needOnDatabase('CREATE FUNCTION', database),
`,
    replace: ``,
  },
  {
    without: `DDL on a function that is replaced`,
    file: 'check-create-function.ts',
    find: `      ...(replaced ? needOnFunction('DDL', replaced) : []),
`,
    replace: ``,
  },
  {
    without: `a function of the same name`,
    file: 'check-create-function.ts',
    find: `  if (existing && !replaced) {`,
    replace: `  if (existing && !replaced && name === '') {`,
  },
  {
    without: `what was made of a function that is replaced`,
    file: 'check-create-function.ts',
    find: `  if (replaced) checkUnused(replaced, 'replace', context)
`,
    replace: ``,
  },
  {
    without: `that a function does not call itself`,
    file: 'check-create-function.ts',
    find: `    if (replaced && check.functions.has(replaced)) {`,
    replace: `    if (replaced && check.functions.has(replaced) && source === '') {`,
  },
  {
    without: `values of the session in a function`,
    file: 'check-create-function.ts',
    find: `    if (check.usesSession) {`,
    replace: `    if (check.usesSession && source === '') {`,
  },
  {
    without: `that a function is computed from one row`,
    file: 'check-create-function.ts',
    find: `    if (!givesOneRow(plan)) {`,
    replace: `    if (!givesOneRow(plan) && source === '') {`,
  },
  {
    without: `the size of a function`,
    file: 'check-create-function.ts',
    find: `    if (sizeOf(check.statement) > sizeMax) {`,
    replace: `    if (sizeOf(check.statement) > sizeMax * 100) {`,
  },
  {
    without: `the limits of texts for the body of a function`,
    file: 'check-create-function.ts',
    find: `    readStatements(source, 'duckdb') // the limits of texts hold for the one in the string, too
`,
    replace: ``,
  },
  {
    without: `queries and windows inside a function`,
    file: 'function-body.ts',
    find: `    if (refused !== undefined) throw notSupported(refused)
`,
    replace: ``,
  },
  {
    without: `other clauses in the body of a function`,
    file: 'function-body.ts',
    find: `  if (!alone || !item || second) {`,
    replace: `  if (!item) {`,
  },
  {
    without: `that a lambda of a body hides no parameter`,
    file: 'function-body.ts',
    find: `      if (name === ARGUMENTS || this.#parameters.includes(name)) {`,
    replace: `      if (name === '') {`,
  },
  {
    without: `that a body does not name its own arguments' holder`,
    file: 'function-body.ts',
    find: `    if (name.toLowerCase() === ARGUMENTS) {`,
    replace: `    if (name === '') {`,
  },
  {
    without: `that a field in a body is no column of the statement`,
    file: 'function-body.ts',
    find: `    if (index < 0 && fields.length === 0) return
`,
    replace: `    if (index < 0) return
`,
  },
  {
    without: `that a function is not called as an aggregate`,
    file: 'expand-calls.ts',
    find: `    if (node['class'] === 'WINDOW' || asAggregate || node['export_state'] === true) {`,
    replace: `    if (node['class'] === '') {`,
  },
  {
    without: `that arguments come without names`,
    file: 'expand-calls.ts',
    find: `    if (values.some((value) => textOf(value, 'alias') !== '')) {`,
    replace: `    if (values.length < 0) {`,
  },
  {
    without: `the number of arguments`,
    file: 'expand-calls.ts',
    find: `    if (values.length !== entry.parameters.length) throw this.#otherNumber(node, entry, values)
`,
    replace: ``,
  },
  {
    without: `how much calls may add to a statement`,
    file: 'expand-calls.ts',
    find: `    if (this.#added > addedNodesMax) {`,
    replace: `    if (this.#added > addedNodesMax * 100) {`,
  },
  {
    without: `functions of users in FROM`,
    file: 'expand-calls.ts',
    find: `    if (textOf(node, 'type') === 'TABLE_FUNCTION') this.#notInFrom(nodeOf(node, 'function'))
`,
    replace: ``,
  },
  {
    without: `that the owner of what is kept may call the functions in it`,
    file: 'function-uses.ts',
    find: `    if (!deeper || !own.every((need) => owner.covers(need))) return undefined
`,
    replace: `    if (!deeper) return undefined
`,
  },
  {
    without: `that a function is still the one that something was made of`,
    file: 'function-uses.ts',
    find: `if (!owner || entry?.revision !== revision) return undefined`,
    replace: `if (!owner || !entry) return undefined`,
  },
  {
    without: `what was made of a function that is dropped`,
    file: 'check-drop-function.ts',
    find: `  checkUnused(entry, 'drop', context)
`,
    replace: ``,
  },
  {
    without: `DDL on a function that is dropped`,
    file: 'check-drop-function.ts',
    find: `const requires = requireAll(needOnFunction('DDL', entry), context.authority)`,
    replace: `const requires = needOnFunction('EXECUTE', entry)`,
  },
  {
    without: `functions in the definitions of columns`,
    file: 'table-fragments.ts',
    find: `  if (check.functions.size > 0) {`,
    replace: `  if (check.functions.size > 1_000) {`,
  },
  {
    without: `the right of a view's owner to call the functions in it`,
    file: 'view-reads.ts',
    find: `    if (!calls) throw unusable(view, 'it calls a function without right')
`,
    replace: `    if (!calls) return await this.#found({ ...view, view: { ...present(view.view, ''), uses: [] } }, context)
`,
  },
  {
    without: `USAGE on a location before its name means anything`,
    file: 'foreign-path.ts',
    find: `  if (!location || !context.authority.covers(needOnLocation(location))) {`,
    replace: `  if (!location) {`,
  },
  {
    without: `that a path stays inside its location`,
    file: 'foreign-path.ts',
    find: `  if (parts.includes('..') || parts.includes('.')) throw noPath('has a part that is . or ..')
`,
    replace: ``,
  },
  {
    without: `that the location of a foreign table is no URL`,
    file: 'foreign-path.ts',
    find: `  if (URL.test(text)) {`,
    replace: `  if (URL.test(text) && text.length > 1_000) {`,
  },
  {
    without: `that the parts of a path have names`,
    file: 'foreign-path.ts',
    find: `  if (parts.includes('')) throw noPath('has an empty part')
`,
    replace: ``,
  },
  {
    without: `control characters in a path`,
    file: 'foreign-path.ts',
    find: `  if (UNPRINTABLE.test(text)) throw noPath('holds characters that cannot be seen')
`,
    replace: ``,
  },
  {
    without: `USAGE of the owner on the location of a foreign table`,
    file: 'view-reads.ts',
    find: `  if (!owner.covers(need)) throw unusable(table, 'its owner has no USAGE on the location')
`,
    replace: ``,
  },
  {
    without: `that the owner of a foreign table must go on having USAGE`,
    file: 'view-reads.ts',
    find: `  const requires = [{ holder: ownerRole, ...need }]`,
    replace: `  const requires = [{ holder: ownerRole, ...need }].slice(1)`,
  },
  {
    without: `that a foreign table stands for itself in a plan`,
    file: 'tree-check.ts',
    find: `    if (table.kind !== 'table') this.views.set(node, table)`,
    replace: `    if (table.kind === 'view') this.views.set(node, table)`,
  },
  {
    without: `that EXPLAIN ANALYZE tells where files lie`,
    file: 'check-explain.ts',
    find: `  if (analyze && context.files.all.length > 0) {`,
    replace: `  if (analyze && context.files.all.length > 1_000) {`,
  },
  {
    without: `who may be told of the files of a foreign table`,
    file: 'check-query.ts',
    find: `view.kind === 'foreign table' && context.authority.columns('SELECT', tableRef(view)) === 'all'`,
    replace: `view.kind === 'foreign table' && context.authority.knows(tableRef(view))`,
  },
  {
    without: `that files are read as their columns say`,
    file: 'foreign-columns.ts',
    find: `    if (written !== stored) {`,
    replace: `    if (written !== stored && stored === '') {`,
  },
  {
    without: `that an option is given once`,
    file: 'foreign-options.ts',
    find: `    if (given[key] !== undefined) throw wrong(\`the option \${key.toUpperCase()} is given twice\`)
`,
    replace: ``,
  },
  {
    without: `that a delimiter cannot be taken for something else`,
    file: 'foreign-options.ts',
    find: `  if (fits) return delimiter`,
    replace: `  if (fits || delimiter) return delimiter`,
  },
  {
    without: `that a quote cannot be taken for something else`,
    file: 'foreign-options.ts',
    find: `  if (delimiter.includes(quote)) throw wrong('DELIMITER and QUOTE have a character in common')
`,
    replace: ``,
  },
  {
    without: `that a foreign table is not written to`,
    file: 'write-head.ts',
    find: `  if (table.kind !== 'table') throw notSupported(\`writing to a \${table.kind}\`)
`,
    replace: ``,
  },
  {
    without: `that files are not opened to check a write`,
    file: 'verify-write.ts',
    find: `  if (!planned && context.files.all.length > 0) {`,
    replace: `  if (!planned && context.files.all.length > 1_000) {`,
  },
  {
    without: `that a JSON value is of its column's type`,
    file: 'json-conversion.ts',
    find: `        fits: (taken, made) => \`(\${isOf(taken, 'BIGINT', 'UBIGINT')} AND \${made} IS NOT NULL)\`,`,
    replace: `        fits: (_, made) => \`(\${made} IS NOT NULL)\`,`,
  },
  {
    without: `that a value of a file which does not fit is an error`,
    file: 'foreign-text.ts',
    find: `ELSE \${complaint} END\``,
    replace: `ELSE NULL END\``,
  },
  {
    without: `that an argument of EXECUTE holds no query`,
    file: 'check-execute.ts',
    find: `    case 'SUBQUERY':
      throw`,
    replace: `    case 'NO SUBQUERY':
      throw`,
  },
  {
    without: `that arguments of EXECUTE are one row, of nothing that is stored`,
    file: 'check-execute.ts',
    find: `  if (!givesOneRow(plan)) {`,
    replace: `  if (!givesOneRow(plan) && plan['type'] === '') {`,
  },
  {
    without: `that arguments of EXECUTE are expressions and nothing behind them`,
    file: 'check-execute.ts',
    find: `  if (alone && items.every((item) => textOf(item, 'alias') === '')) return items`,
    replace: `  if (alone || items.length > 0) return items`,
  },
  {
    without: `that arguments of EXECUTE are converted to the types of the parameters`,
    file: 'check-execute.ts',
    find: `      return type ? [castNode(value, type)] : []`,
    replace: `      return type ? [value] : []`,
  },
  {
    without: `that a temporary view calls no function of users`,
    file: 'check-create-view.ts',
    find: `  if (functions.size === 0) return
`,
    replace: `  if (functions.size >= 0) return
`,
  },
  {
    without: `that a file of others is not written to`,
    file: 'must-not-change.ts',
    find: `    if (isDefined || isWritten) throw`,
    replace: `    if (isDefined) throw`,
  },
  {
    without: `that nothing is made in a file of others`,
    file: 'must-not-change.ts',
    find: `    if (isDefined || isWritten) throw`,
    replace: `    if (isWritten && !isDefined) throw`,
  },
  {
    without: `the roles that BLUE’s catalogue lists`,
    file: 'postgres-catalogue/visible-roles.ts',
    find: `  return superuser ? roles.listRoles() : heldRoles(roles, roleName)`,
    replace: `  return superuser || roleName !== '' ? roles.listRoles() : heldRoles(roles, roleName)`,
  },
  {
    without: `whose default permissions BLUE’s catalogue lists`,
    file: 'postgres-catalogue/visible-roles.ts',
    find: `  return superuser || creator === roleName
`,
    replace: `  return superuser || creator !== ''
`,
  },
  {
    without: `to whom BLUE’s catalogue tells the text of a view`,
    file: 'held-columns.ts',
    find: `  return superuser || view?.ownerRole === roleId ? view?.sql : undefined`,
    replace: `  return superuser || view?.ownerRole !== roleId ? view?.sql : undefined`,
  },
  {
    without: `to whom BLUE’s catalogue tells how many rows there are`,
    file: 'postgres-catalogue/visible-world.ts',
    find: `heldColumns(authority, 'SELECT', table).length > 0 ? table.estimatedRows : undefined`,
    replace: `heldColumns(authority, 'SELECT', table).length >= 0 ? table.estimatedRows : undefined`,
  },
]
