/**
 * INSERT, UPDATE, DELETE, MERGE and TRUNCATE with all their clauses; each beside the query that reads
 * what its clauses read of any table, for the engine reads more of a target for itself.
 */
import { quoted, SQL_TYPES, WORLD } from './fuzz-world.ts'
import type { WritePermission } from './fuzz-rights.ts'
import type { WorldColumn, WorldTable } from './fuzz-world.ts'
import { EMPTY_SCOPE } from './maker.ts'
import type { Making, Relation, Scope } from './maker.ts'
import type { QueryMaker } from './query-maker.ts'

export interface MadeWrite {
  readonly sql: string
  readonly target: WorldTable
  readonly needs: readonly WritePermission[]
  /** Reads the same columns; empty where there is nothing to read. */
  readonly reads: readonly string[]
}

function isWritable({ kind }: WorldTable): boolean {
  return kind === 'table' || kind === 'temporary'
}

export class WriteMaker {
  readonly #making: Making
  readonly #queries: QueryMaker

  constructor(making: Making, queries: QueryMaker) {
    this.#making = making
    this.#queries = queries
  }

  make(): MadeWrite {
    const making = this.#making
    const form = making.random.below(10)
    if (form < 3) return this.#update()
    if (form < 5) return this.#delete()
    if (form < 8) return this.#insert()
    if (form < 9) return this.#merge()
    const target = this.#target(['DELETE'])
    const sql = `TRUNCATE ${making.maybe(2, () => 'TABLE ')}${making.tableName(target)}`
    return { sql, target, needs: ['DELETE'], reads: [] }
  }

  /** In a tame statement one that may be written to, where there is any. */
  #target(needs: readonly WritePermission[]): WorldTable {
    const making = this.#making
    // views and foreign tables are written to by nobody
    const all = making.random.onceIn(20) ? WORLD : WORLD.filter(isWritable)
    const may = all.filter((table) => needs.every((need) => making.rights.writes(table, need)))
    const table = (making.tame ? making.pickOf(may) : undefined) ?? making.pickOf(all)
    return table as WorldTable
  }

  #scopeOf(target: WorldTable): { text: string; scope: Scope; relation: Relation } {
    const making = this.#making
    const alias = making.random.onceIn(2) ? making.fresh('m') : undefined
    const readable = making.tame ? making.rights.readable(target) : target.columns
    const relation = { name: alias ?? quoted(target.name), columns: readable }
    const name = making.tableName(target)
    return {
      text: alias === undefined ? name : `${name} ${making.maybe(2, () => 'AS ')}${alias}`,
      scope: { ...EMPTY_SCOPE, relations: [relation] },
      relation,
    }
  }

  #assignments(target: WorldTable, scope: Scope): { sql: string; values: string[] } {
    const making = this.#making
    const { expressions } = this.#queries
    const columns = this.#some(target)
    const values = columns.map(({ kind }) =>
      making.random.onceIn(10) ? 'DEFAULT' : expressions.make(kind, scope),
    )
    const read = values.filter((value) => value !== 'DEFAULT')
    if (columns.length > 1 && making.random.onceIn(4)) {
      const names = columns.map(({ name }) => quoted(name)).join(', ')
      return { sql: `(${names}) = (${values.join(', ')})`, values: read }
    }
    const set = columns.map(({ name }, index) => `${quoted(name)} = ${values[index]}`)
    return { sql: set.join(', '), values: read }
  }

  #some({ columns }: WorldTable): WorldColumn[] {
    const start = this.#making.random.below(columns.length)
    return columns.slice(start, start + 1 + this.#making.random.below(2))
  }

  #returning(scope: Scope): { sql: string; items: string[] } {
    const making = this.#making
    const { expressions } = this.#queries
    if (!making.random.onceIn(3)) return { sql: '', items: [] }
    const items = making.times(1, 2, () =>
      making.random.onceIn(3)
        ? expressions.star(scope)
        : `${expressions.make(expressions.kind(), scope)} AS ${making.fresh('r')}`,
    )
    return { sql: ` RETURNING ${items.join(', ')}`, items }
  }

  #update(): MadeWrite {
    const making = this.#making
    const target = this.#target(['UPDATE'])
    const { text, scope } = this.#scopeOf(target)
    return this.#withCtes(scope, (outer, ctes) => {
      const from = making.random.onceIn(3) ? this.#queries.tables.from(outer) : undefined
      const inside = { ...outer, relations: [...scope.relations, ...(from?.relations ?? [])] }
      const { sql: set, values } = this.#assignments(target, inside)
      const where = making.random.onceIn(2) ? this.#queries.expressions.bool(inside) : undefined
      const returning = this.#returning(scope)
      const beside = from ? `, ${from.sql}` : ''
      const condition = where === undefined ? '' : ` WHERE (${where})`
      return {
        sql: `UPDATE ${text} SET ${set}${from ? ` FROM ${from.sql}` : ''}${where === undefined ? '' : ` WHERE ${where}`}${returning.sql}`,
        target,
        needs: ['UPDATE'],
        reads: [
          `${ctes}SELECT ${['1', ...values].join(', ')} FROM ${text}${beside}${condition}`,
          ...this.#readsOf(returning.items, text),
        ],
      }
    })
  }

  #delete(): MadeWrite {
    const making = this.#making
    const target = this.#target(['DELETE'])
    const { text, scope } = this.#scopeOf(target)
    return this.#withCtes(scope, (outer, ctes) => {
      const using = making.random.onceIn(3) ? this.#queries.tables.from(outer) : undefined
      const inside = { ...outer, relations: [...scope.relations, ...(using?.relations ?? [])] }
      const where = making.random.onceIn(3) ? undefined : this.#queries.expressions.bool(inside)
      const returning = this.#returning(scope)
      const beside = using ? `, ${using.sql}` : ''
      const condition = where === undefined ? '' : ` WHERE (${where})`
      return {
        sql: `DELETE FROM ${text}${using ? ` USING ${using.sql}` : ''}${where === undefined ? '' : ` WHERE ${where}`}${returning.sql}`,
        target,
        needs: ['DELETE'],
        reads: [
          `${ctes}SELECT 1 FROM ${text}${beside}${condition}`,
          ...this.#readsOf(returning.items, text),
        ],
      }
    })
  }

  #insert(): MadeWrite {
    const making = this.#making
    const { expressions } = this.#queries
    const wanted = making.random.below(8)
    const needs: WritePermission[] = wanted < 3 ? ['INSERT', 'UPDATE'] : ['INSERT']
    const target = this.#target(needs)
    const conflict = target.keyed || making.random.onceIn(20) ? wanted : 7
    if (conflict !== wanted) needs.splice(1)
    const { text, scope, relation } = this.#scopeOf(target)
    const listed = making.random.onceIn(2)
    const columns = listed ? this.#some(target) : target.columns
    const list = listed ? ` (${columns.map(({ name }) => quoted(name)).join(', ')})` : ''
    const key = quoted(target.columns[0]?.name ?? 'id')
    return this.#withCtes(EMPTY_SCOPE, (outer, ctes) => {
      const rows = this.#source(columns, outer, listed)
      const reads = rows.reads === '' ? [] : [`${ctes}${rows.reads}`]
      const returning = this.#returning(scope)
      let [or, tail] = ['', '']
      if (conflict === 0) {
        or = 'OR REPLACE '
        reads.push(`SELECT ${key} FROM ${text}`)
      } else if (conflict < 3) {
        const excluded = { name: 'excluded', columns: target.columns }
        const both = { ...EMPTY_SCOPE, relations: [relation, excluded] }
        const { sql: set, values } = this.#assignments(target, both)
        const where = making.random.onceIn(3) ? expressions.bool(both) : undefined
        tail = ` ON CONFLICT (${key}) DO UPDATE SET ${set}${where === undefined ? '' : ` WHERE ${where}`}`
        const nulls = target.columns.map(
          ({ name, kind }) => `CAST(NULL AS ${SQL_TYPES[kind]}) AS ${quoted(name)}`,
        )
        const condition = where === undefined ? '' : ` WHERE (${where})`
        reads.push(
          `SELECT ${[key === 'id' ? `${relation.name}.${key}` : '1', ...values].join(', ')} FROM ${text}, (SELECT ${nulls.join(', ')}) AS excluded${condition}`,
        )
      } else if (conflict === 3) {
        or = 'OR IGNORE '
      } else if (conflict === 4) {
        const named = making.random.onceIn(2)
        tail = ` ON CONFLICT ${named ? `(${key}) ` : ''}DO NOTHING`
        if (named) reads.push(`SELECT ${key} FROM ${text}`)
      }
      return {
        sql: `INSERT ${or}INTO ${text.replace(/ (?:AS )?(m\d+)$/, ' AS $1')}${list} ${rows.sql}${tail}${returning.sql}`,
        target,
        needs,
        reads: [...reads, ...this.#readsOf(returning.items, text)],
      }
    })
  }

  #source(
    columns: readonly WorldColumn[],
    outer: Scope,
    listed: boolean,
  ): { sql: string; reads: string } {
    const making = this.#making
    const { expressions } = this.#queries
    const kinds = columns.map(({ kind }) => kind)
    if (!listed && making.random.onceIn(8)) return { sql: 'DEFAULT VALUES', reads: '' }
    if (making.random.onceIn(2)) {
      const sql = this.#queries.inner(outer, kinds).sql
      return { sql, reads: sql }
    }
    const rows = making.times(1, 2, () =>
      kinds.map((kind) => (making.random.onceIn(10) ? 'DEFAULT' : expressions.make(kind, outer))),
    )
    const text = (row: readonly string[]): string => `(${row.join(', ')})`
    const read = rows.map((row) => text(row.map((value) => (value === 'DEFAULT' ? 'NULL' : value))))
    return { sql: `VALUES ${rows.map(text).join(', ')}`, reads: `VALUES ${read.join(', ')}` }
  }

  #merge(): MadeWrite {
    const making = this.#making
    const { expressions } = this.#queries
    const needs: WritePermission[] = []
    const values: string[] = []
    const actions = making.times(1, 3, () => making.random.below(4))
    const permissions = ['UPDATE', 'DELETE', 'INSERT'] as const
    for (const action of actions) {
      const need = permissions[action]
      if (need && !needs.includes(need)) needs.push(need)
    }
    const target = this.#target(needs)
    const { text, scope } = this.#scopeOf(target)
    return this.#withCtes(scope, (outer, ctes) => {
      const source = this.#queries.tables.item(outer)
      const both = { ...outer, relations: [...scope.relations, ...source.relations] }
      const alone = { ...outer, relations: source.relations }
      const on = expressions.bool(both)
      const branches = actions.map((action) => {
        const inside = action === 2 ? alone : both
        const when = making.maybe(3, () => {
          const condition = expressions.bool(inside)
          values.push(condition)
          return ` AND ${condition}`
        })
        if (action === 1) return `WHEN MATCHED${when} THEN DELETE`
        if (action === 3) return `WHEN MATCHED${when} THEN DO NOTHING`
        if (action === 0) {
          const set = this.#assignments(target, both)
          values.push(...set.values)
          return `WHEN MATCHED${when} THEN UPDATE SET ${set.sql}`
        }
        const columns = this.#some(target)
        const row = columns.map(({ kind }) => expressions.make(kind, alone))
        values.push(...row)
        return `WHEN NOT MATCHED${when} THEN INSERT (${columns.map(({ name }) => quoted(name)).join(', ')}) VALUES (${row.join(', ')})`
      })
      return {
        sql: `MERGE INTO ${text} USING ${source.sql} ON (${on}) ${branches.join(' ')}`,
        target,
        needs,
        reads: [
          `${ctes}SELECT ${['1', ...values].join(', ')} FROM ${text}, ${source.sql} WHERE (${on})`,
        ],
      }
    })
  }

  #readsOf(items: readonly string[], text: string): string[] {
    return items.length === 0 ? [] : [`SELECT ${items.join(', ')} FROM ${text}`]
  }

  /** Now and then with WITH before it. */
  #withCtes(scope: Scope, body: (outer: Scope, ctes: string) => MadeWrite): MadeWrite {
    const making = this.#making
    if (!making.random.onceIn(5)) return body({ ...scope, relations: [] }, '')
    let inside: Scope = EMPTY_SCOPE
    const ctes = this.#queries.withCtes(EMPTY_SCOPE, (seen) => {
      inside = seen
      return ''
    })
    const made = body(inside, ctes)
    return { ...made, sql: `${ctes}${made.sql}` }
  }
}
