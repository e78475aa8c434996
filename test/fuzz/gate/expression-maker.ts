/** Expressions of every form that the engine's tree has, over the columns in scope. */
import { FUNCTIONS, quoted, SQL_TYPES, WORLD } from './fuzz-world.ts'
import type { Kind } from './fuzz-world.ts'
import type { Column, Making, Relation, Scope } from './maker.ts'

/** Makes a query with result columns of these kinds. */
export type QueryOf = (scope: Scope, kinds: readonly Kind[]) => string

const KINDS = ['int', 'text', 'bool', 'list', 'box', 'date', 'amount'] as const

export class ExpressionMaker {
  readonly #making: Making
  readonly #query: QueryOf

  constructor(making: Making, query: QueryOf) {
    this.#making = making
    this.#query = query
  }

  kind(): Kind {
    const { random } = this.#making
    return random.onceIn(2) ? (random.onceIn(2) ? 'int' : 'text') : random.pick(KINDS)
  }

  /** A column of this kind from the scope, else a constant. */
  leaf(kind: Kind, scope: Scope): string {
    const { random } = this.#making
    if (!random.onceIn(6)) {
      const column = this.#columnFrom(scope.relations, kind)
      if (column !== undefined) return column
    }
    if (random.onceIn(25)) return this.#parameter(kind)
    return this.constant(kind)
  }

  constant(kind: Kind): string {
    const { random } = this.#making
    const small = random.below(6)
    switch (kind) {
      case 'int':
        return random.pick([`${small}`, `(-${small + 1})`, `${small}::BIGINT`, 'NULL'])
      case 'text':
        return random.pick([
          `'x${small}'`,
          `''`,
          `E'a\\n${small}'`,
          `$$d${small}$$`,
          `'it''s'`,
          'NULL',
        ])
      case 'bool':
        return random.pick(['true', 'false', 'NULL', `(${small} > 2)`])
      case 'list':
        return random.pick([`['x', 'y${small}']`, '[]', '(NULL::VARCHAR[])', `ARRAY['a']`])
      case 'box':
        return random.pick([
          `{'x': ${small}, 'y': 'b'}`,
          `struct_pack(x := 1, y := 'c')`,
          `(NULL::${SQL_TYPES.box})`,
        ])
      case 'date':
        return random.pick([`DATE '2020-01-0${small + 1}'`, `'2020-02-01'::DATE`, 'NULL'])
      case 'amount':
        return random.pick([`${small}.5`, `1e${small}`, '0.10', `9007199254740993.25`, 'NULL'])
    }
  }

  make(kind: Kind, scope: Scope): string {
    const making = this.#making
    if (!making.spend() || making.random.onceIn(3)) return this.leaf(kind, scope)
    if (making.random.onceIn(5)) return this.#ofAnyKind(kind, scope)
    if (making.random.onceIn(12)) return this.#call(kind, scope) ?? this.leaf(kind, scope)
    const make = (inner: Kind = kind): string => this.make(inner, scope)
    switch (kind) {
      case 'int':
        return this.#int(make, scope)
      case 'text':
        return this.#text(make)
      case 'bool':
        return this.bool(scope)
      case 'list':
        return making.pick<() => string>([
          () => `list_transform(${make()}, lambda e: e || ${this.leaf('text', scope)})`,
          () => `list_filter(${make()}, lambda e: e > ${this.leaf('text', scope)})`,
          () => `[e || 'z' FOR e IN ${make()} IF e IS NOT NULL]`,
          () => `[${make('text')}, ${make('text')}]`,
          () => `ARRAY(${this.#query(scope, ['text'])})`,
          () => `list_concat(${make()}, ${make()})`,
          () => `(${make()})[1:2]`,
          () => `string_split(${make('text')}, 'v')`,
        ])()
      case 'box':
        return making.pick<() => string>([
          () => `{'x': ${make('int')}, 'y': ${make('text')}}`,
          () => `struct_pack(x := ${make('int')}, y := ${make('text')})`,
          () => `CAST(ROW(${make('int')}, ${make('text')}) AS ${SQL_TYPES.box})`,
        ])()
      case 'date':
        return making.pick<() => string>([
          () => `(${make()} + ${this.leaf('int', scope)} % 5)`,
          () => `CAST(date_trunc('month', ${make()}) AS DATE)`,
          () => `make_date(2020, 1, 1 + abs(${this.leaf('int', scope)}) % 20)`,
        ])()
      case 'amount':
        return making.pick<() => string>([
          () => `(${make()} + ${make()})`,
          () => `CAST(${make('int')} AS DECIMAL(18,2))`,
          () => `round(${make()}, 1)`,
          () => `(${make('int')} / 2)`,
        ])()
    }
  }

  bool(scope: Scope): string {
    const making = this.#making
    if (!making.spend()) return this.leaf('bool', scope)
    const make = (kind: Kind): string => this.make(kind, scope)
    const kind = this.kind()
    return making.pick<() => string>([
      () => `${make(kind)} ${making.pick(['=', '<>', '<', '>', '<=', '>='])} ${make(kind)}`,
      () => `(${make('bool')} ${making.pick(['AND', 'OR'])} ${make('bool')})`,
      () => `NOT (${make('bool')})`,
      () => `${make(kind)} IS ${making.maybe(2, () => 'NOT ')}NULL`,
      () => `${make(kind)} IS ${making.maybe(2, () => 'NOT ')}DISTINCT FROM ${make(kind)}`,
      () =>
        `${make('int')} ${making.maybe(2, () => 'NOT ')}BETWEEN ${make('int')} AND ${make('int')}`,
      () => `${make(kind)} IN (${make(kind)}, ${make(kind)})`,
      () => `${make(kind)} ${making.maybe(2, () => 'NOT ')}IN (${this.#query(scope, [kind])})`,
      () => `${making.maybe(2, () => 'NOT ')}EXISTS (${this.#query(scope, [kind])})`,
      () =>
        `${make(kind)} ${making.pick(['= ANY', '> ALL', '<> ALL'])} (${this.#query(scope, [kind])})`,
      () =>
        `${make('text')} ${making.pick(['LIKE', 'ILIKE', 'NOT LIKE', 'SIMILAR TO', '~'])} '${making.pick(['kq', 'x'])}.*%'`,
      () => `list_contains(${make('list')}, ${make('text')})`,
      () =>
        `${make('text')} COLLATE ${making.pick(['nocase', 'de', 'NOACCENT'])} < ${make('text')}`,
      () => `(${make('int')}, ${make('text')}) = (${make('int')}, ${make('text')})`,
      () => `starts_with(${make('text')}, 'k')`,
    ])()
  }

  aggregate(kind: Kind, scope: Scope): string {
    const making = this.#making
    const value = (of: Kind = kind): string => this.make(of, scope)
    const filter = making.maybe(5, () => ` FILTER (WHERE ${this.bool(scope)})`)
    const order = making.maybe(
      4,
      () => ` ORDER BY ${this.leaf(this.kind(), scope)} DESC NULLS LAST`,
    )
    if (kind === 'int') {
      return making.pick<() => string>([
        () => `count(*)${filter}`,
        () => `count(DISTINCT ${value(this.kind())})${filter}`,
        () => `sum(${value()})${filter}`,
        () => `max(${value()})${filter}`,
        () => `median(${value()})`,
        () => `quantile_cont(${value()}, 0.5)`,
        () => `arg_max(${value()}, ${value(this.kind())})`,
        () => `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${value()})`,
      ])()
    }
    if (kind === 'text' && making.random.onceIn(2)) {
      return `string_agg(${value()}, ','${order})${filter}`
    }
    if (kind === 'list') return `list(${value('text')}${order})${filter}`
    if (kind === 'bool') return `bool_or(${value()})`
    return `${making.pick(['min', 'max', 'any_value', 'first'])}(${value()}${order})${filter}`
  }

  /** @param named windows that OVER may name. */
  window(kind: Kind, scope: Scope, named: readonly string[]): string {
    const making = this.#making
    const over =
      making.pickOf(making.random.onceIn(2) ? named : []) ?? `(${this.windowBody(scope)})`
    const value = this.make(kind, scope)
    if (kind === 'int' && making.random.onceIn(2)) {
      return `${making.pick(['row_number()', 'rank()', 'count(*)', 'ntile(2)', `sum(${value})`])} OVER ${over}`
    }
    return making.pick<() => string>([
      () =>
        `lag(${value}${making.maybe(3, () => ', 1, NULL')}${making.maybe(5, () => ' IGNORE NULLS')}) OVER ${over}`,
      () => `first_value(${value}) OVER ${over}`,
      () =>
        `max(${value}) ${making.maybe(5, () => `FILTER (WHERE ${this.bool(scope)}) `)}OVER ${over}`,
      () => `nth_value(${value}, 2) OVER ${over}`,
    ])()
  }

  windowBody(scope: Scope): string {
    const making = this.#making
    const parts = making.maybe(2, () => `PARTITION BY ${this.make(this.kind(), scope)} `)
    const order = `ORDER BY ${this.make(this.kind(), scope)}, ${this.leaf('int', scope)}`
    const frame = making.maybe(
      4,
      () =>
        ` ROWS BETWEEN ${making.pick(['1', 'UNBOUNDED'])} PRECEDING AND ${making.pick(['CURRENT ROW', '1 FOLLOWING'])}${making.maybe(4, () => ' EXCLUDE CURRENT ROW')}`,
    )
    return `${parts}${order}${frame}`
  }

  /** Stars and their like: whole rows, or some of their columns, without a name for each. */
  star({ relations }: Scope): string {
    const making = this.#making
    const relation = making.pickOf(relations)
    const column = relation && making.pickOf(relation.columns)
    const name = column ? quoted(column.name) : 'id'
    const of = relation && making.random.onceIn(2) ? `${relation.name}.*` : '*'
    return making.pick<() => string>([
      () => of,
      () => of,
      () => `${of} EXCLUDE (${name})`,
      () => `${of} REPLACE (${this.constant('int')} AS ${name})`,
      () => `${of} RENAME (${name} AS ${making.fresh('r')})`,
      () =>
        `COLUMNS(${making.pick([`'${making.pick(['.*', 'id', '_text$', '^[a-e]'])}'`, `lambda c: c LIKE '%${making.pick(['id', 'text', 'number'])}%'`, '*', `[${`'${name.replaceAll("'", '')}'`}]`])})`,
      () => `COLUMNS(${of})::VARCHAR`,
      () => `${of} LIKE '%${making.pick(['text', 'id'])}'`,
      () => `coalesce(*COLUMNS('${making.pick(['text', 'id'])}'))`,
      () => `count(COLUMNS(${of}))`,
      () => relation?.name ?? '1',
      () => `to_json(${relation?.name ?? '1'})`,
      () =>
        `unnest(${this.#columnFrom(relations, 'box') ?? "{'x': 1}"}${making.maybe(2, () => ', recursive := true')})`,
    ])()
  }

  #int(make: (kind?: Kind) => string, scope: Scope): string {
    const making = this.#making
    return making.pick<() => string>([
      () => `(${make()} ${making.pick(['+', '-', '%', '//', '&', '|'])} ${make()})`,
      () => `abs(${make()})`,
      () => `length(${make('text')})`,
      () => `len(${make('list')})`,
      () => `(${make('box')}).x`,
      () => `struct_extract(${make('box')}, 'x')`,
      () => `extract(year FROM ${make('date')})`,
      () => `date_diff('day', ${make('date')}, ${make('date')})`,
      () => `TRY_CAST(${make('text')} AS INTEGER)`,
      () => `${this.leaf('text', scope)}.length()`,
      () => `greatest(${make()}, ${make()})`,
      () => `CAST(${make('amount')} AS BIGINT)`,
      () => `strpos(${make('text')}, 'v')`,
    ])()
  }

  #text(make: (kind?: Kind) => string): string {
    const making = this.#making
    return making.pick<() => string>([
      () => `${making.pick(['upper', 'lower', 'reverse', 'trim', 'md5'])}(${make()})`,
      () => `(${make()} || ${make()})`,
      () => `CAST(${make(this.kind())} AS VARCHAR)`,
      () => `${make('int')}::VARCHAR`,
      () => `(${make('box')})['y']`,
      () => `(${make('list')})[1]`,
      () => `substring(${make()} FROM 1 FOR 3)`,
      () => `concat_ws('-', ${make()}, ${make('int')})`,
      () => `to_json(${make('box')}) ->> '$.y'`,
      () => `list_aggregate(${make('list')}, 'string_agg', ',')`,
      () => `printf('%d', ${make('int')})`,
      () => `strftime(${make('date')}, '%Y')`,
      () => `map {'k': ${make()}}['k']`,
      () => `${make()} COLLATE nocase`,
      () => `CAST('e' AS ENUM('e', 'f'))::VARCHAR`,
    ])()
  }

  /** Forms that are there for every kind. */
  #ofAnyKind(kind: Kind, scope: Scope): string {
    const making = this.#making
    const make = (): string => this.make(kind, scope)
    return making.pick<() => string>([
      () => `(${this.#query(scope, [kind])})`,
      () => `CASE WHEN ${this.bool(scope)} THEN ${make()} ELSE ${make()} END`,
      () => `CASE ${make()} WHEN ${make()} THEN ${make()} END`,
      () => `coalesce(${make()}, ${make()})`,
      () => `nullif(${make()}, ${make()})`,
      () => `if(${this.bool(scope)}, ${make()}, ${make()})`,
      () => `(${make()})`,
      () => `TRY(${make()})`,
      () => `list_extract([${make()}, ${make()}], 1)`,
    ])()
  }

  /** Of a function of users; undefined where none gives this kind. */
  #call(kind: Kind, scope: Scope): string | undefined {
    const making = this.#making
    const { rights, tame } = making
    const may = FUNCTIONS.filter(
      (one) => one.returns === kind && (!tame || (rights.executes(one) && rights.isCallable(one))),
    )
    const one = making.pickOf(may)
    return one && `${one.name}(${one.parameters.map((of) => this.make(of, scope)).join(', ')})`
  }

  #columnFrom(relations: readonly Relation[], kind: Kind): string | undefined {
    const making = this.#making
    const found = relations.flatMap(({ name, columns }) =>
      columns.filter((column) => column.kind === kind).map((column) => [name, column] as const),
    )
    if (!making.tame && making.random.onceIn(30)) return this.#strayColumn()
    const [relation, column] = making.pickOf(found) ?? []
    if (relation === undefined || column === undefined) return undefined
    return this.#columnName(relation, column, relations)
  }

  #columnName(relation: string, { name }: Column, relations: readonly Relation[]): string {
    const making = this.#making
    const once =
      relations.filter(({ columns }) => columns.some((column) => column.name === name)).length === 1
    return once && making.random.onceIn(2)
      ? making.spelled(name)
      : `${relation}.${making.spelled(name)}`
  }

  /** Of any table of the world: mostly not in scope. */
  #strayColumn(): string {
    const making = this.#making
    const table = making.pickOf(WORLD)
    const column = table && making.pickOf(table.columns)
    const name = column ? quoted(column.name) : 'id'
    return making.random.onceIn(2) ? name : `${quoted(table?.name ?? 'amber')}.${name}`
  }

  #parameter(kind: Kind): string {
    const { parameters, random } = this.#making
    if (kind !== 'int' && kind !== 'text') return this.constant(kind)
    const type = kind === 'int' ? 'INTEGER' : 'VARCHAR'
    parameters.push(random.onceIn(2) ? type : undefined)
    return `$${parameters.length}`
  }
}
