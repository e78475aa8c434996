import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { GATE_MUTATIONS } from '../mutations/gate-mutations.ts'

const GATE = fileURLToPath(new URL('../../src/gate/', import.meta.url))

/** Each run tries some of them only: one that has lost its place would be found by chance. */
test.each(GATE_MUTATIONS.map((mutation, place) => ({ place, ...mutation })))(
  'mutation $place has its one place: without $without',
  ({ file, find, replace }) => {
    expect(readFileSync(GATE + file, 'utf8').split(find)).toHaveLength(2)
    expect(replace).not.toBe(find)
  },
)
