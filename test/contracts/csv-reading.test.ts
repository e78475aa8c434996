/** The engine reads a CSV file as the gateway's own walk over it says, or nothing is loaded. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fieldText } from '../../src/loads/csv-record.ts'
import { problemOf, walkRows } from '../../src/loads/walk-rows.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLoadWorld } from '../fixtures/load-world.ts'
import type { LoadWorld } from '../fixtures/load-world.ts'

vi.setConfig({ testTimeout: 300_000 })

const READING = {
  delimiter: ',',
  quote: '"',
  escape: 'double',
  header: true,
  encoding: 'utf-8',
  nullTexts: [],
  decimal: '.',
  dateFormat: 'YYYY-MM-DD',
} as const

let world: LoadWorld
let directory: string
beforeAll(async () => {
  world = await openLoadWorld()
  directory = mkdtempSync(join(tmpdir(), 'bluegate-reading-'))
})
afterAll(async () => {
  await world.stop()
  rmSync(directory, { recursive: true })
})

async function walk(content: string): Promise<{ rows: (string | null)[][]; broken: number }> {
  const file = join(directory, 'file.csv')
  writeFileSync(file, content)
  const rows: (string | null)[][] = []
  let broken = 0
  await walkRows(file, READING, (record, place) => {
    if (problemOf(record, 2) !== undefined) broken += 1
    else if (place !== 'header') {
      const fields = record.fields.slice(0, 2)
      rows.push(fields.map((field) => fieldText(record.bytes, field, READING) ?? null))
    }
    return undefined
  })
  return { rows, broken }
}

const PIECES = [
  'a',
  ',',
  '\n',
  '"',
  ' ',
  'b',
  'x,y\n',
  '"q"',
  '"a""b"',
  '"l\nm"',
  '1,2\n',
  'é',
  ',,',
]

const piece = fc.constantFrom(...PIECES)

test('rows are the same, value by value; a file that is broken is not loaded', async () => {
  const seen = { loaded: 0, refused: 0 }
  const property = fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
    const content = `h,i\n${pieces.join('')}`
    const { rows, broken } = await walk(content)
    const columns = ['h', 'i'].map((name, from) => ({ from, name, type: 'VARCHAR' }))
    const load = await world.load('any.csv', content, { csv: READING, columns })
    const stored =
      load.state === 'succeeded' ? await world.sql(`SELECT * FROM public.${load.table?.name}`) : []
    seen[load.state === 'succeeded' ? 'loaded' : 'refused'] += 1
    expect({ state: load.state, stored, bad: load.badRowCount }).toEqual({
      state: broken === 0 ? 'succeeded' : 'failed',
      stored: broken === 0 ? rows : [],
      bad: broken,
    })
  })
  await fc.assert(property, { numRuns: 120, seed: 20_240_101 })
  expect(Math.min(seen.loaded, seen.refused)).toBeGreaterThan(10)
})
