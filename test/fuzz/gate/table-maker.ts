/** What stands in FROM: tables, subqueries, functions, joins of all kinds, PIVOT and its like. */
import type { ExpressionMaker } from './expression-maker.ts'
import { quoted } from './fuzz-world.ts'
import type { Kind, WorldTable } from './fuzz-world.ts'
import type { Column, Making, Relation, Scope } from './maker.ts'

export interface MadeFrom {
  readonly sql: string
  readonly relations: readonly Relation[]
}

type QueryOf = (scope: Scope) => { readonly sql: string; readonly columns: readonly Column[] }

export class TableMaker {
  readonly #making: Making
  readonly #expressions: ExpressionMaker
  readonly #query: QueryOf

  constructor(making: Making, expressions: ExpressionMaker, query: QueryOf) {
    this.#making = making
    this.#expressions = expressions
    this.#query = query
  }

  from(scope: Scope): MadeFrom {
    const making = this.#making
    const first = this.item(scope)
    if (!making.spend() || !making.random.onceIn(2)) return first
    return this.#join(first, scope)
  }

  /** One relation, with a name of its own. */
  item(scope: Scope): MadeFrom {
    const making = this.#making
    const form = making.spend() ? making.random.below(16) : 0
    const cte = making.pickOf(scope.ctes)
    if (cte && making.random.onceIn(2)) return this.#cte(cte)
    if (form < 9) return this.#base(making.table())
    if (form < 12) return this.#subquery(scope, '')
    if (form < 13) return this.#values(scope)
    if (form < 14) return this.#pivot()
    return this.#function(scope)
  }

  pivotStatement(): string {
    const making = this.#making
    const { name, on, value, group } = this.#pivotParts()
    return `PIVOT ${name} ON ${on} IN (0, 1) USING ${value}${making.maybe(2, () => ` GROUP BY ${group}`)}`
  }

  unpivotStatement(): string {
    const making = this.#making
    const table = making.table()
    const columns = this.#unpivoted(table)
    return `UNPIVOT ${making.tableName(table)} ON ${columns} INTO NAME what VALUE much`
  }

  #cte({ name, columns }: Relation): MadeFrom {
    const alias = this.#making.fresh('a')
    return { sql: `${name} AS ${alias}`, relations: [{ name: alias, columns }] }
  }

  #base(table: WorldTable): MadeFrom {
    const making = this.#making
    const columns = making.columnsOf(table)
    const name = making.tableName(table)
    const sample = making.maybe(30, () => ` TABLESAMPLE ${making.pick(['100%', 'system(100%)'])}`)
    if (making.random.onceIn(4)) {
      return { sql: `${name}${sample}`, relations: [{ name: quoted(table.name), columns }] }
    }
    const alias = making.random.onceIn(12)
      ? `"a ${making.fresh('b').replaceAll('"', '')}"`
      : making.fresh('t')
    // a list of names covers the columns from the first on, hidden ones among them
    const renamed = making.random.onceIn(12)
      ? table.columns.map(({ name: old, kind }) => ({ old, name: making.fresh('n'), kind }))
      : undefined
    const list = renamed ? `(${renamed.map((column) => column.name).join(', ')})` : ''
    const known = renamed?.filter(({ old }) => columns.some((column) => column.name === old))
    return {
      sql: `${name} AS ${alias}${list}${sample}`,
      relations: [{ name: alias, columns: known ?? columns }],
    }
  }

  #subquery(scope: Scope, lateral: string): MadeFrom {
    const making = this.#making
    const alias = making.fresh('s')
    const made = this.#query(lateral === '' ? { ...scope, relations: [] } : scope)
    return {
      sql: `${lateral}(${made.sql}) AS ${alias}`,
      relations: [{ name: alias, columns: made.columns }],
    }
  }

  #values(scope: Scope): MadeFrom {
    const making = this.#making
    const alias = making.fresh('v')
    const columns = making.times(1, 2, () => ({ name: making.fresh('n'), kind: 'int' as const }))
    const rows = making.times(1, 2, () => {
      const values = columns.map(({ kind }) =>
        this.#expressions.make(kind, { ...scope, relations: [] }),
      )
      return `(${values.join(', ')})`
    })
    const names = columns.map(({ name }) => name).join(', ')
    return {
      sql: `(VALUES ${rows.join(', ')}) AS ${alias}(${names})`,
      relations: [{ name: alias, columns }],
    }
  }

  /** @param scope what stands to the left in the same FROM can be named in arguments. */
  #function(scope: Scope): MadeFrom {
    const making = this.#making
    const alias = making.fresh('f')
    const column = { name: making.fresh('n'), kind: 'int' as const }
    const list = this.#expressions.leaf('list', scope)
    const [sql, kind] = making.pick<readonly [string, Kind]>([
      ['range(3)', 'int'],
      ['generate_series(1, 3)', 'int'],
      [`unnest(${list})`, 'text'],
      ['unnest([1, 2])', 'int'],
    ])
    const ordinality = making.maybe(8, () => ' WITH ORDINALITY')
    if (making.random.onceIn(8)) {
      const json = `json_each('{"a": [1, 2]}') AS ${alias}`
      return { sql: json, relations: [{ name: alias, columns: [{ name: 'key', kind: 'text' }] }] }
    }
    return {
      sql:
        ordinality === ''
          ? `${sql} AS ${alias}(${column.name})`
          : `${sql}${ordinality} AS ${alias}`,
      relations: [{ name: alias, columns: ordinality === '' ? [{ ...column, kind }] : [] }],
    }
  }

  #join(left: MadeFrom, scope: Scope): MadeFrom {
    const making = this.#making
    if (making.random.onceIn(8)) return this.#lateral(left, scope)
    const right = this.item(scope)
    const relations = [...left.relations, ...right.relations]
    const both = { ...scope, relations }
    const common = left.relations
      .flatMap(({ columns }) => columns)
      .filter(({ name }) =>
        right.relations.some(({ columns }) => columns.some((other) => other.name === name)),
      )
    const shared = making.pickOf(common)
    const side = making.pick(['', 'LEFT ', 'RIGHT ', 'FULL ', 'INNER ', 'SEMI ', 'ANTI '])
    const on = `ON ${this.#expressions.bool(both)}`
    const how = shared && making.random.onceIn(2) ? `USING (${quoted(shared.name)})` : on
    const left_ = left.relations[0]
    const right_ = right.relations[0]
    const [a, b] = [left_, right_].map((relation) =>
      relation?.columns.find(({ kind }) => kind === 'int'),
    )
    const asof =
      a && b && left_ && right_
        ? `${left.sql} ASOF ${making.maybe(2, () => 'LEFT ')}JOIN ${right.sql} ON ${left_.name}.${quoted(a.name)} >= ${right_.name}.${quoted(b.name)}`
        : `${left.sql}, ${right.sql}`
    const sql = making.pick([
      `${left.sql} ${side}JOIN ${right.sql} ${how}`,
      `${left.sql} ${side}JOIN ${right.sql} ${how}`,
      `${left.sql}, ${right.sql}`,
      `${left.sql} CROSS JOIN ${right.sql}`,
      `${left.sql} NATURAL ${making.pick(['', 'LEFT ', 'FULL '])}JOIN ${right.sql}`,
      `${left.sql} POSITIONAL JOIN ${right.sql}`,
      asof,
      `(${left.sql} ${side}JOIN ${right.sql} ${how})`,
    ])
    return { sql, relations: /SEMI|ANTI/.test(sql) ? left.relations : relations }
  }

  #lateral(left: MadeFrom, scope: Scope): MadeFrom {
    const making = this.#making
    const right = making.random.onceIn(3)
      ? this.#function({ ...scope, relations: left.relations })
      : this.#subquery({ ...scope, relations: left.relations }, 'LATERAL ')
    const sql = making.pick([
      `${left.sql}, ${right.sql}`,
      `${left.sql} CROSS JOIN ${right.sql}`,
      `${left.sql} LEFT JOIN ${right.sql} ON true`,
    ])
    return { sql, relations: [...left.relations, ...right.relations] }
  }

  #pivot(): MadeFrom {
    const making = this.#making
    const alias = making.fresh('p')
    if (making.random.onceIn(2)) {
      const table = making.table()
      const sql = `${making.tableName(table)} UNPIVOT ${making.maybe(3, () => 'INCLUDE NULLS ')}(much FOR what IN (${this.#unpivoted(table)})) AS ${alias}`
      return { sql, relations: [{ name: alias, columns: [{ name: 'what', kind: 'text' }] }] }
    }
    const { name, on, value, group } = this.#pivotParts()
    const sql = `${name} PIVOT (${value} FOR ${on} IN (0, 1)${making.maybe(2, () => ` GROUP BY ${group}`)}) AS ${alias}`
    return { sql, relations: [{ name: alias, columns: [] }] }
  }

  #unpivoted(table: WorldTable): string {
    const making = this.#making
    const columns = making.columnsOf(table)
    const kind = making.pickOf(columns)?.kind
    const alike = columns.filter((column) => column.kind === kind).map(({ name }) => quoted(name))
    return making.random.onceIn(5) ? 'COLUMNS(* EXCLUDE (id))::VARCHAR' : alike.join(', ')
  }

  #pivotParts(): { name: string; on: string; value: string; group: string } {
    const making = this.#making
    const table = making.table()
    const columns = making.columnsOf(table)
    const [on, value, group] = making.times(3, 3, () =>
      quoted(making.pickOf(columns)?.name ?? 'id'),
    )
    const name = making.random.onceIn(2)
      ? `(SELECT ${columns.map((column) => quoted(column.name)).join(', ')} FROM ${making.tableName(table)})`
      : making.tableName(table)
    return {
      name,
      on: on ?? 'id',
      value: making.pick([`count(${value})`, `max(${value})`, `first(${value})`]),
      group: group ?? 'id',
    }
  }
}
