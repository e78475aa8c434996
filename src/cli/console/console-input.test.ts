import { expect, test } from 'vitest'
import { ConsoleInput } from './console-input.ts'

test('a statement goes on until its semicolon', () => {
  const input = new ConsoleInput()
  expect(input.take('select 1')).toEqual([])
  expect(input.isOpen).toBe(true)
  expect(input.take('  + 2; select 3')).toEqual([{ kind: 'statement', text: 'select 1\n  + 2' }])
  expect(input.end()).toEqual([{ kind: 'statement', text: 'select 3' }])
  expect(input.isOpen).toBe(false)
})

test.each([
  [String.raw`\c Sales`, { kind: 'connect', database: 'sales' }],
  [String.raw`\connect "Sales";`, { kind: 'connect', database: 'Sales' }],
  [String.raw`\c`, { kind: 'unknown', text: String.raw`\c needs the name of a database` }],
  [
    String.raw`\x`,
    { kind: 'unknown', text: String.raw`\x is no command; \? shows which there are` },
  ],
  [String.raw`\?`, { kind: 'help' }],
  ['exit', { kind: 'exit' }],
  ['QUIT;', { kind: 'exit' }],
])('%s', (line, act) => {
  expect(new ConsoleInput().take(line)).toEqual([act])
})

test('within a statement a line is a part of it, whatever it begins with', () => {
  const input = new ConsoleInput()
  input.take("select '")
  expect(input.take('exit')).toEqual([])
  expect(input.take("';")).toEqual([{ kind: 'statement', text: "select '\nexit\n'" }])
})

test('comments and blanks alone begin no statement', () => {
  const input = new ConsoleInput()
  input.take('-- nothing')
  input.take('   ')
  expect(input.isOpen).toBe(false)
})
