/** A request of the gate's, as the task that it is for a worker. */
import type { RequestOf } from '../wire/request.ts'
import type { Introspect } from './task.ts'

export type IntrospectionRequest = RequestOf<
  'parse' | 'regenerate' | 'deparse' | 'plan' | 'inspect'
>

export function toIntrospect(request: IntrospectionRequest): Introspect {
  switch (request.call) {
    case 'parse':
      return { what: 'parse', text: request.text }
    case 'regenerate':
      return {
        what: 'regenerate',
        run: request.run,
        check: request.check,
        stubs: request.stubs,
        parts: request.parts,
      }
    case 'deparse':
      return { what: 'deparse', trees: request.trees }
    case 'plan':
      return { what: 'plan', text: request.text, stubs: request.stubs }
    case 'inspect':
      return { what: 'inspect', source: request.source }
  }
}
