import { expect, test } from 'vitest'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import { TESTER } from '../../test/fixtures/gate-harness.ts'
import type { AuthorizationRequest } from './gate.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { PermitCache } from './permit-cache.ts'

const catalog = buildSnapshot(SMALL_DEFINITIONS)

function request(text: string, changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest {
  return {
    statement: { kind: 'engine', form: 'select', text, start: 0, source: text },
    parameterTypes: [],
    principal: TESTER,
    authority: testAuthority(catalog, []),
    catalog,
    introspection: neverAsked,
    database: 'master',
    searchPath: ['public'],
    roleAuthority: () => undefined,
    ...changes,
  }
}

const neverAsked = new Proxy({}, { get: () => () => Promise.reject(new Error('asked')) }) as never

function checked(text: string, changes: Partial<CheckedStatement> = {}): CheckedStatement {
  return {
    text,
    action: { kind: 'read' },
    requires: [],
    personal: false,
    reusable: true,
    ...changes,
  }
}

function cacheOf(entriesMax = 100, bytesMax = 1_000_000): PermitCache {
  return new PermitCache({ entriesMax, bytesMax })
}

test('what was put in comes out, for the very same request alone', () => {
  const cache = cacheOf()
  cache.set(request('a'), checked('A'))
  expect(cache.get(request('a'))?.text).toBe('A')
  const others: Partial<AuthorizationRequest>[] = [
    { parameterTypes: ['INTEGER'] },
    { searchPath: ['public', 'sales'] },
    { searchPath: ['sales'] },
    { searchPath: [] },
    { statement: { kind: 'engine', form: 'truncate', text: 'a', start: 0, source: 'a' } },
    { database: 'other' },
    { catalog: { ...catalog, version: 8 } },
    { authority: testAuthority(catalog, [], { version: 2 }) },
  ]
  expect(others.map((changes) => cache.get(request('a', changes)))).toEqual(
    others.map(() => undefined),
  )
})

test('no list of names or types can be read as another one', () => {
  const cache = cacheOf()
  cache.set(request('x', { searchPath: ['a', 'b'], parameterTypes: [] }), checked('A'))
  expect(cache.get(request('x', { searchPath: ['a'], parameterTypes: ['b'] }))).toBeUndefined()
  expect(cache.get(request('b', { searchPath: ['a'], parameterTypes: [] }))).toBeUndefined()
})

test('what holds a name comes out for that name alone', () => {
  const cache = cacheOf()
  cache.set(request('me'), checked('tester', { personal: true }))
  expect(cache.get(request('me'))?.text).toBe('tester')
  const other = { kind: 'local', roleId: TESTER.roleId } as const
  expect(cache.get(request('me', { principal: other }))).toBeUndefined()
})

test('definitions are never kept, nor texts that are too long', () => {
  const cache = cacheOf()
  cache.set(request('create'), checked('x', { reusable: false }))
  cache.set(request('a'.repeat(70_000)), checked('x'))
  expect(cache.size).toBe(0)
})

test('the least recently used goes first, by entries and by bytes', () => {
  const cache = cacheOf(2)
  cache.set(request('a'), checked('A'))
  cache.set(request('b'), checked('B'))
  cache.get(request('a'))
  cache.set(request('c'), checked('C'))
  expect(['a', 'b', 'c'].map((text) => cache.get(request(text))?.text)).toEqual([
    'A',
    undefined,
    'C',
  ])

  const small = cacheOf(100, 10_000)
  for (let i = 0; i < 50; i += 1) small.set(request(`${i}`), checked('x'.repeat(500)))
  expect(small.bytes).toBeLessThanOrEqual(10_000)
  expect(small.size).toBeGreaterThan(0)
  expect(small.get(request('49'))).toBeDefined()
})

test('putting the same in twice counts once', () => {
  const cache = cacheOf()
  cache.set(request('a'), checked('A'))
  const { bytes } = cache
  cache.set(request('a'), checked('A'))
  expect([cache.size, cache.bytes]).toEqual([1, bytes])
})

test('an answer is for its role alone, though another has grants of the same version', () => {
  const cache = cacheOf()
  const mine = request('SELECT 1')
  cache.set(mine, checked('SELECT 1'))
  const { grantsVersion } = mine.authority
  const authority = { ...testAuthority(catalog, []), roleId: 'role-other', grantsVersion }
  expect(cache.get(request('SELECT 1', { authority: authority as never }))).toBeUndefined()
  expect(cache.get(request('SELECT 1'))).toBeDefined()
})
