import { expect, test } from 'vitest'
import { readStatements } from './read-statements.ts'

function read(text: string): object {
  const [{ text: _, start: __, source: ___, ...body } = { text, start: 0, source: text }] =
    readStatements(text, 'postgres')
  return body
}

const SESSIONS = { kind: 'describe_sessions', user: undefined, timeframe: undefined }
const QUERIES = { kind: 'describe_session_queries' }

test.each([
  ['use pool p', { kind: 'use_pool', pool: 'p' }],
  ['USE RESOURCE POOL Reports', { kind: 'use_pool', pool: 'reports' }],
  ['use "pool"', { kind: 'use', name: ['pool'] }],
  ['use database master', { kind: 'use', database: 'master' }],
  ['USE SCHEMA s DATABASE d', { kind: 'use', schema: 's', database: 'd' }],
  ['use database d schema "S"', { kind: 'use', database: 'd', schema: 'S' }],
  ['use a.b', { kind: 'use', name: ['a', 'b'] }],
  ['describe pools', { kind: 'describe_pools' }],
  ['DESC RESOURCE POOLS', { kind: 'describe_pools' }],
  ['describe locks', { kind: 'describe_locks' }],
  ['describe sessions', { ...SESSIONS, initiatedBy: undefined }],
  [
    "describe sessions user 'Bi' timeframe from '2026-01-01' to '2026-02-01' initiated by (CLI, Jobs)",
    {
      kind: 'describe_sessions',
      user: 'Bi',
      timeframe: { from: '2026-01-01', to: '2026-02-01' },
      initiatedBy: ['cli', 'jobs'],
    },
  ],
  ['describe sessions initiated by all', { ...SESSIONS, initiatedBy: ['all'] }],
  ['describe session queries', { ...QUERIES, of: 'this', statuses: undefined }],
  [
    'describe session queries all status in (queued, Executing)',
    { ...QUERIES, of: 'all', statuses: ['QUEUED', 'EXECUTING'] },
  ],
  [
    "describe session queries session id 'x' status in 'queued'",
    { ...QUERIES, of: { sessionId: 'x' }, statuses: ['QUEUED'] },
  ],
  ["describe query query id '7'", { kind: 'describe_query', sessionId: undefined, queryId: 7 }],
  [
    "describe query session id 'x' query id 'x:7'",
    { kind: 'describe_query', sessionId: 'x', queryId: 7 },
  ],
  ["abort('x', '7')", { kind: 'abort_statement', sessionId: 'x', queryId: 7 }],
  ["ABORT ( 'x' , 7 )", { kind: 'abort_statement', sessionId: 'x', queryId: 7 }],
  ['abort', { kind: 'rollback', chain: false }],
  ['describe sessions_of_mine', { kind: 'engine', form: 'select' }],
])('%s', (text, statement) => {
  expect(read(text)).toEqual(statement)
})

test.each([
  'use pool',
  'use pool a b',
  'describe pools all',
  'describe sessions user',
  "describe sessions timeframe from '2026-01-01'",
  'describe session queries status in ()',
  "describe query query id 'seven'",
  "abort('x')",
  'abort(1, 2)',
  "abort('x', '7') x",
])('%s is no statement', (text) => {
  expect(() => read(text)).toThrow('syntax error')
})
