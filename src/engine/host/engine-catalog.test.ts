import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase } from '../duckdb/testing/test-database.ts'
import type { TestDatabase } from '../duckdb/testing/test-database.ts'
import { closeLists, prepareLists, readOnce, readPrepared } from './catalog-lists.ts'
import { readEngineCatalog } from './engine-catalog.ts'
import type { EngineCatalog } from './engine-catalog.ts'

const ALL = { views: true, sequences: true }

let opened: TestDatabase

beforeEach(() => {
  opened = openTestDatabase()
  for (const name of ['one', 'two']) {
    opened.connection.execute(`ATTACH ':memory:' AS ${name}; CREATE SCHEMA ${name}.s`)
  }
})

afterEach(() => opened.close())

function read(wanted = ALL): EngineCatalog {
  return readEngineCatalog(readOnce(opened.connection), wanted)
}

function names(database: string, wanted = ALL): string[] {
  return read(wanted)(database).relations.map(({ schema, name }) => `${schema}.${name}`)
}

describe('what the engine tells about its databases', () => {
  it('is kept apart by database, where names are the same', () => {
    opened.connection.execute(`
      CREATE TABLE one.s.t (a INTEGER NOT NULL DEFAULT 7); CREATE TABLE two.s.t (b DECIMAL(10,2))`)
    const catalog = read()
    expect(catalog('one').relation('s', 't')?.columns).toEqual([
      { name: 'a', typeName: 'INTEGER', nullable: false, defaultExpression: '7' },
    ])
    expect(catalog('two').relation('s', 't')?.columns).toEqual([
      { name: 'b', typeName: 'DECIMAL(10,2)', nullable: true, defaultExpression: null },
    ])
    expect(catalog('three').relations).toEqual([])
  })

  it('has keys in the order of the key, columns in that of the table, all else by name', () => {
    opened.connection.execute(`
      CREATE TABLE one.s.z (c INTEGER, b INTEGER, a INTEGER, PRIMARY KEY (b, c));
      CREATE INDEX y ON one.s.z (a); CREATE INDEX x ON one.s.z (a, b);
      CREATE TABLE one.s.k (v INTEGER); CREATE SCHEMA one.r; CREATE TABLE one.r.m (v INTEGER)`)
    const one = read()('one')
    expect(one.relation('s', 'z')).toMatchObject({
      columns: [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
      primaryKey: ['b', 'c'],
      indexes: ['x', 'y'],
    })
    expect(names('one')).toEqual(['r.m', 's.k', 's.z'])
    const schemas = one.schemas.filter(({ internal }) => !internal)
    expect(schemas.map(({ name }) => name)).toEqual(['r', 's'])
  })

  it('has columns in their order after one is gone and another has come', () => {
    opened.connection.execute(`
      CREATE TABLE one.s.t (a INTEGER, b INTEGER, c INTEGER);
      ALTER TABLE one.s.t DROP COLUMN b; ALTER TABLE one.s.t ADD COLUMN b TEXT`)
    const columns = read()('one').relation('s', 't')?.columns
    expect(columns?.map(({ name }) => name)).toEqual(['a', 'c', 'b'])
  })

  it('tells views from tables, and leaves out the engine’s own', () => {
    opened.connection.execute('CREATE VIEW one.s.v AS SELECT 1 AS a')
    expect(names('one')).toEqual(['s.v'])
    expect(read()('one').relation('s', 'v')).toMatchObject({
      sql: 'CREATE VIEW s.v AS SELECT 1 AS a;',
      columns: [{ name: 'a', typeName: 'INTEGER' }],
    })
    expect(read()('one').relation('pg_catalog', 'pg_class')).toBeUndefined()
  })

  it('has no views and no sequences unless they are wanted', () => {
    opened.connection.execute(`
      CREATE VIEW one.s.v AS SELECT 1 AS a; CREATE SEQUENCE one.s.q; CREATE TABLE one.s.t (a INTEGER)`)
    expect(names('one', { views: false, sequences: false })).toEqual(['s.t'])
    expect(read({ views: false, sequences: false })('one').hasSequence('s', 'q')).toBe(false)
    expect(read()('one').hasSequence('s', 'q')).toBe(true)
    expect(read()('two').hasSequence('s', 'q')).toBe(false)
  })

  it('is what the transaction sees that reads it', () => {
    const { connection } = opened
    connection.execute('CREATE TABLE one.s.t (a INTEGER); BEGIN')
    connection.execute('ALTER TABLE one.s.t ADD COLUMN b INTEGER; CREATE TABLE one.s.u (a INTEGER)')
    expect(names('one')).toEqual(['s.t', 's.u'])
    expect(read()('one').relation('s', 't')?.columns).toHaveLength(2)
    connection.execute('ROLLBACK')
    expect(names('one')).toEqual(['s.t'])
    expect(read()('one').relation('s', 't')?.columns).toHaveLength(1)
  })

  it('has the temporary tables of its connection', () => {
    opened.connection.execute('CREATE TEMP TABLE mine (a INTEGER PRIMARY KEY)')
    expect(read()('temp').relation('main', 'mine')?.primaryKey).toEqual(['a'])
  })

  it('is as new from prepared statements as from new ones, in and out of transactions', () => {
    const { connection } = opened
    const lists = prepareLists(connection)
    const prepared = readPrepared(lists)
    const same = (): void => {
      for (const database of ['one', 'two', 'temp']) {
        const { relations, schemas } = readEngineCatalog(prepared, ALL)(database)
        expect({ relations, schemas }).toEqual({
          relations: read()(database).relations,
          schemas: read()(database).schemas,
        })
      }
    }
    for (const change of [
      'CREATE TABLE one.s.t (a INTEGER PRIMARY KEY, b VARCHAR)',
      'BEGIN',
      'ALTER TABLE one.s.t RENAME COLUMN b TO c',
      'CREATE VIEW one.s.v AS SELECT a FROM one.s.t',
      'ROLLBACK',
      'CREATE INDEX i ON one.s.t (b)',
      'DROP INDEX one.s.i',
      'CREATE TEMP TABLE mine (a INTEGER)',
      'DETACH two',
      "ATTACH ':memory:' AS two",
      'CREATE TABLE two.main.other (z INTEGER)',
    ]) {
      connection.execute(change)
      same()
    }
    closeLists(lists)
  })
})
