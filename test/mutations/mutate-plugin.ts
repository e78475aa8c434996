/** Takes one check out of the gate while vitest loads it; `BLUEGATE_MUTATION` is its place in the list. */
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { GATE_MUTATIONS } from './gate-mutations.ts'

const GATE = fileURLToPath(new URL('../../src/gate/', import.meta.url))

/** Nothing without the variable. @throws Error for a place that is not in the list. */
export function mutations(place: string | undefined): Plugin[] {
  if (place === undefined) return []
  const mutation = GATE_MUTATIONS[Number(place)]
  if (!mutation) throw new Error(`there is no mutation ${place}`)
  const { file, find, replace } = mutation
  return [
    {
      name: 'bluegate-mutation',
      enforce: 'pre',
      transform(code, id) {
        if (id.split('?')[0] !== GATE + file) return null
        if (code.split(find).length !== 2) {
          throw new Error(`${file} has not exactly one place for the mutation ${place}`)
        }
        return { code: code.replace(find, () => replace), map: null }
      },
    },
  ]
}
