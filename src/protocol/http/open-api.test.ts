import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { openApiDocument } from './open-api-document.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly responses: Readonly<Record<string, { readonly content?: object; description?: string }>>
  readonly 'x-needs'?: string
}

let text: string
let operations: [string, Operation][]

beforeAll(async () => {
  text = await openApiDocument()
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, Operation>> }
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      one,
    ]),
  )
})

test('the description in the manual is the one that the routes give: npm run docs', () => {
  expect(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')).toBe(text)
})

test('every route has a name of its own, a tag, a summary, what it needs and what it answers', () => {
  const names = operations.map(([, { operationId }]) => operationId)
  expect(new Set(names).size).toBe(names.length)
  const poor = operations.filter(
    ([, one]) =>
      !one.operationId ||
      !one.summary ||
      one.tags?.length !== 1 ||
      one['x-needs'] === undefined ||
      !Object.keys(one.responses).some((status) => status.startsWith('2')),
  )
  expect(poor.map(([name]) => name)).toEqual([])
})

test('routes that need somebody list the ways to prove it, those that need nobody list none', () => {
  for (const [, { security, 'x-needs': needs }] of operations) {
    expect(security).toHaveLength(needs === 'nothing' ? 0 : 3)
  }
  expect(operations.length).toBeGreaterThan(20)
})

test('every reference leads to a component, and every component is used', () => {
  const { components } = JSON.parse(text) as { components: { schemas: Record<string, object> } }
  const used = new Set(
    [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name),
  )
  expect([...used].toSorted()).toEqual(Object.keys(components.schemas).toSorted())
})

test('errors are problem documents everywhere', () => {
  for (const [, { responses }] of operations) {
    expect(responses['4XX']?.content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    })
  }
})
