/** The engine's parser and binder, asked over the link. What it is asked may be as hostile as a statement. */
import type { Introspection } from '../engine.ts'
import type { Replies, RequestOf } from '../wire/request.ts'
import { readLost } from './death.ts'
import type { HostLink } from './host-link.ts'
import type { Supervisor } from './supervisor.ts'

type Call = 'parse' | 'regenerate' | 'deparse' | 'plan'

/** Where to ask; with a session, on its home connection. */
export interface IntrospectionPlace {
  readonly link: HostLink
  readonly session?: number
}

export function createIntrospection(
  supervisor: Supervisor,
  place: () => Promise<IntrospectionPlace>,
): Introspection {
  async function ask<C extends Call>(
    texts: readonly string[],
    request: RequestOf<C>,
  ): Promise<Replies[C]> {
    for (const text of texts) supervisor.fuse.check(text)
    const { link, session } = await place()
    const placed = session === undefined ? request : { ...request, session }
    return await link.ask<C>(placed, { texts, onDeath: () => readLost(true) })
  }

  return {
    parse: async (text) => (await ask<'parse'>([text], { call: 'parse', text })).tree,
    regenerate: (run, check) => ask<'regenerate'>([check], { call: 'regenerate', run, check }),
    deparse: async (trees) => {
      const { texts } = await ask<'deparse'>(trees, { call: 'deparse', trees })
      return [...texts]
    },
    plan: async (text) => (await ask<'plan'>([text], { call: 'plan', text })).plan,
  }
}
