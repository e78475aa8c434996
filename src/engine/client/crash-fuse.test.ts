import { expect, test } from 'vitest'
import { CrashFuse } from './crash-fuse.ts'

test('a text that was running at two deaths is refused, one death is forgiven', () => {
  const fuse = new CrashFuse()
  fuse.died(['bomb', 'select 1'])
  expect(() => fuse.check('bomb')).not.toThrow()
  fuse.died(['bomb'])
  expect(() => fuse.check('bomb')).toThrow('this statement ended the engine twice')
  expect(() => fuse.check('select 1')).not.toThrow()
})

test('a text that ended in an ordinary way since is no suspect any more', () => {
  const fuse = new CrashFuse()
  fuse.died(['bomb', 'select 1'])
  fuse.survived('select 1')
  fuse.died(['bomb', 'select 1'])
  expect(() => fuse.check('select 1')).not.toThrow()
  expect(() => fuse.check('bomb')).toThrow('twice')
})

test('the same text running many times counts once a death', () => {
  const fuse = new CrashFuse()
  fuse.died(['select 1', 'select 1', 'select 1'])
  expect(() => fuse.check('select 1')).not.toThrow()
})

test('it remembers a bounded number of texts, the latest', () => {
  const fuse = new CrashFuse()
  const many = Array.from({ length: 1500 }, (_, i) => `select ${i}`)
  fuse.died(many)
  fuse.died(['select 0', 'select 1499'])
  expect(() => fuse.check('select 0')).not.toThrow()
  expect(() => fuse.check('select 1499')).toThrow('twice')
})
