/** Queries of every form: select lists, FROM, grouping, windows, set operations, WITH. */
import { ExpressionMaker } from './expression-maker.ts'
import type { Kind } from './fuzz-world.ts'
import { EMPTY_SCOPE } from './maker.ts'
import type { Column, Making, Scope } from './maker.ts'
import { TableMaker } from './table-maker.ts'

export interface MadeQuery {
  readonly sql: string
  readonly columns: readonly Column[]
}

export class QueryMaker {
  readonly #making: Making
  readonly expressions: ExpressionMaker
  readonly tables: TableMaker

  constructor(making: Making) {
    this.#making = making
    this.expressions = new ExpressionMaker(making, (scope, kinds) => this.inner(scope, kinds).sql)
    this.tables = new TableMaker(making, this.expressions, (scope) =>
      this.inner(scope, this.#kinds()),
    )
  }

  /** A whole statement of the select family. */
  statement(): string {
    const making = this.#making
    return making.pick<() => string>([
      () => this.#select(EMPTY_SCOPE, this.#kinds()).sql,
      () => this.inner(EMPTY_SCOPE, this.#kinds()).sql,
      () => this.withCtes(EMPTY_SCOPE, (scope) => this.inner(scope, this.#kinds()).sql),
      () => this.withCtes(EMPTY_SCOPE, (scope) => this.inner(scope, this.#kinds()).sql),
      () => this.#stars(EMPTY_SCOPE),
      () => this.#stars(EMPTY_SCOPE),
      () => this.#grouped(EMPTY_SCOPE, this.#kinds()).sql,
      () => this.#grouped(EMPTY_SCOPE, this.#kinds()).sql,
      () => this.#odd(),
    ])()
  }

  /** With result columns of these kinds, for a place inside another statement. */
  inner(scope: Scope, kinds: readonly Kind[]): MadeQuery {
    const making = this.#making
    if (!making.spend()) return this.#constants(kinds)
    const form = making.random.below(12)
    if (form < 6) return this.#select(scope, kinds)
    if (form < 8) return this.#grouped(scope, kinds)
    if (form < 9) return this.#setOperation(scope, kinds)
    if (form < 10) return this.#values(scope, kinds)
    if (form < 11) return this.#constants(kinds)
    let made: MadeQuery | undefined
    const sql = this.withCtes(scope, (inside) => {
      made = this.inner(inside, kinds)
      return made.sql
    })
    return { sql, columns: made?.columns ?? [] }
  }

  withCtes(outer: Scope, body: (scope: Scope) => string): string {
    const making = this.#making
    let scope = outer
    let recursive = false
    const entries = making.times(1, 2, () => {
      const name = making.fresh('c')
      if (making.random.onceIn(4)) {
        recursive = true
        const column = making.fresh('n')
        const seed = this.inner(scope, ['int']).sql
        scope = {
          ...scope,
          ctes: [...scope.ctes, { name, columns: [{ name: column, kind: 'int' }] }],
        }
        const union = making.pick(['UNION ALL', 'UNION'])
        return `${name}(${column}) AS (SELECT * FROM (SELECT * FROM (${seed}) LIMIT 3) ${union} SELECT ${column} + 1 FROM ${name} WHERE ${column} < 4)`
      }
      const made = this.inner(scope, this.#kinds())
      const renamed = made.columns.length > 0 && making.random.onceIn(4)
      const columns = renamed
        ? made.columns.map(({ kind }) => ({ name: making.fresh('n'), kind }))
        : made.columns
      const names = renamed ? `(${columns.map((column) => column.name).join(', ')})` : ''
      const how = making.maybe(3, () => making.pick(['MATERIALIZED ', 'NOT MATERIALIZED ']))
      scope = { ...scope, ctes: [...scope.ctes, { name, columns }] }
      return `${name}${names} AS ${how}(${made.sql})`
    })
    return `WITH ${recursive ? 'RECURSIVE ' : ''}${entries.join(', ')} ${body(scope)}`
  }

  #kinds(): Kind[] {
    return this.#making.times(1, 3, () => this.expressions.kind())
  }

  #select(scope: Scope, kinds: readonly Kind[]): MadeQuery {
    const making = this.#making
    const { sql: from, relations } = this.tables.from(scope)
    const inside = { ...scope, relations: [...relations, ...scope.relations] }
    const named = making.random.onceIn(6) ? [making.fresh('w')] : []
    const columns: Column[] = []
    const items = kinds.map((kind) => {
      const name = making.fresh('e')
      columns.push({ name, kind })
      const expression = making.random.onceIn(6)
        ? this.expressions.window(kind, inside, named)
        : this.expressions.make(kind, inside)
      return `${expression} AS ${name}`
    })
    const sql = [
      `SELECT ${this.#distinct(inside)}${items.join(', ')} FROM ${from}`,
      making.maybe(2, () => `WHERE ${this.expressions.bool(inside)}`),
      ...named.map((name) => `WINDOW ${name} AS (${this.expressions.windowBody(inside)})`),
      making.maybe(9, () => `QUALIFY ${this.expressions.window('int', inside, named)} <= 2`),
      making.maybe(25, () => `USING SAMPLE ${making.pick(['100%', 'reservoir(100 ROWS)'])}`),
      this.#tail(inside, columns),
    ]
    return { sql: joined(sql), columns }
  }

  #distinct(scope: Scope): string {
    const making = this.#making
    if (!making.random.onceIn(8)) return ''
    if (making.random.onceIn(2)) return 'DISTINCT '
    return `DISTINCT ON (${this.expressions.make(this.expressions.kind(), scope)}) `
  }

  #tail(scope: Scope, columns: readonly Column[]): string {
    const making = this.#making
    const order = making.maybe(
      3,
      () =>
        `ORDER BY ${making.pick<() => string>([
          () => this.expressions.make(this.expressions.kind(), scope),
          () => making.pickOf(columns)?.name ?? '1',
          () => '1',
          () => 'ALL',
        ])()}${making.maybe(3, () => ' DESC')}${making.maybe(4, () => ' NULLS FIRST')}`,
    )
    const limit = making.maybe(
      6,
      () =>
        `LIMIT ${making.pick(['2', '50%', '(SELECT 2)', '1 + 1'])}${making.maybe(3, () => ' OFFSET 1')}`,
    )
    return joined([order, limit])
  }

  #grouped(scope: Scope, kinds: readonly Kind[]): MadeQuery {
    const making = this.#making
    const { sql: from, relations } = this.tables.from(scope)
    const inside = { ...scope, relations: [...relations, ...scope.relations] }
    const columns = kinds.map((kind) => ({ name: making.fresh('g'), kind }))
    const keys: string[] = []
    const items = columns.map(({ name, kind }) => {
      if (making.random.onceIn(2)) return `${this.expressions.aggregate(kind, inside)} AS ${name}`
      const key = this.expressions.make(kind, inside)
      keys.push(key)
      return `${key} AS ${name}`
    })
    const list = keys.join(', ')
    const group =
      keys.length === 0
        ? making.maybe(4, () => 'GROUP BY ALL')
        : `GROUP BY ${making.pick([list, list, 'ALL', `ROLLUP (${list})`, `CUBE (${list})`, `GROUPING SETS ((${list}), ())`])}`
    const having = making.maybe(
      4,
      () =>
        `HAVING ${this.expressions.aggregate('int', inside)} >= ${this.expressions.constant('int')}`,
    )
    const where = making.maybe(3, () => `WHERE ${this.expressions.bool(inside)}`)
    const order = making.maybe(4, () => `ORDER BY ${making.pick(['1', 'ALL', 'count(*)'])}`)
    const sql = joined([`SELECT ${items.join(', ')} FROM ${from}`, where, group, having, order])
    return { sql, columns }
  }

  #setOperation(scope: Scope, kinds: readonly Kind[]): MadeQuery {
    const making = this.#making
    const left = this.inner(scope, kinds)
    const right = this.inner(scope, kinds)
    const how = making.pick([
      'UNION',
      'UNION ALL',
      'EXCEPT',
      'EXCEPT ALL',
      'INTERSECT',
      'UNION BY NAME',
      'UNION ALL BY NAME',
    ])
    const order = making.maybe(3, () => ' ORDER BY 1')
    return { sql: `(${left.sql}) ${how} (${right.sql})${order}`, columns: left.columns }
  }

  #values(scope: Scope, kinds: readonly Kind[]): MadeQuery {
    const making = this.#making
    const rows = making.times(1, 3, () => {
      const values = kinds.map((kind) => this.expressions.make(kind, scope))
      return `(${values.join(', ')})`
    })
    return {
      sql: `VALUES ${rows.join(', ')}`,
      columns: kinds.map((kind, index) => ({ name: `col${index}`, kind })),
    }
  }

  #constants(kinds: readonly Kind[]): MadeQuery {
    const columns = kinds.map((kind) => ({ name: this.#making.fresh('k'), kind }))
    const items = columns.map(({ name, kind }) => `${this.expressions.constant(kind)} AS ${name}`)
    return { sql: `SELECT ${items.join(', ')}`, columns }
  }

  #stars(scope: Scope): string {
    const making = this.#making
    const { sql: from, relations } = this.tables.from(scope)
    const inside: Scope = { ...scope, relations }
    const where = making.maybe(4, () => `WHERE ${this.expressions.bool(inside)}`)
    if (making.random.onceIn(5)) return joined([`FROM ${from}`, where])
    const items = making.times(1, 2, () => this.expressions.star(inside))
    const order = making.maybe(8, () => making.pick(['ORDER BY ALL', 'ORDER BY COLUMNS(*)']))
    return joined([`SELECT ${items.join(', ')} FROM ${from}`, where, order])
  }

  /** Statements of the family that have a form of their own. */
  #odd(): string {
    const making = this.#making
    const name = (): string => making.tableName(making.table())
    return making.pick<() => string>([
      () => `TABLE ${name()}`,
      () => `FROM ${name()}`,
      () => `DESCRIBE ${name()}`,
      () => `DESCRIBE ${this.inner(EMPTY_SCOPE, this.#kinds()).sql}`,
      () => `SUMMARIZE ${name()}`,
      () => `SUMMARIZE ${this.inner(EMPTY_SCOPE, this.#kinds()).sql}`,
      () => this.tables.pivotStatement(),
      () => this.tables.unpivotStatement(),
      () => `FROM ${name()} SELECT ${this.expressions.constant('int')}`,
    ])()
  }
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
