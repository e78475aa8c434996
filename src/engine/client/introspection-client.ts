/**
 * The engine's parser and binder, asked over the link. What it is asked may be as hostile as a
 * statement, and no client is there to lose patience: so this asks in time, and stops it.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Introspection } from '../engine.ts'
import type { Replies, RequestOf } from '../wire/request.ts'
import { readLost } from './death.ts'
import type { HostLink } from './host-link.ts'
import type { Supervisor } from './supervisor.ts'

/** The gate's limits keep planning within a second; what takes this long has found a way around. */
const PLANNING_MS_MAX = 10_000

type Call = 'parse' | 'regenerate' | 'deparse' | 'plan' | 'inspect'

/** Where to ask; with a session, on its home connection. */
export interface IntrospectionPlace {
  readonly link: HostLink
  readonly session?: number
}

export function createIntrospection(
  supervisor: Supervisor,
  killAfterMs: number,
  place: () => Promise<IntrospectionPlace>,
): Introspection {
  async function ask<C extends Call>(
    texts: readonly string[],
    request: RequestOf<C>,
  ): Promise<Replies[C]> {
    for (const text of texts) supervisor.fuse.check(text)
    const { link, session } = await place()
    const placed = session === undefined ? request : { ...request, session }
    const { id, reply } = link.start<C>(placed, { texts, onDeath: () => readLost(true) })
    const stop = stopLate(link, id, killAfterMs)
    try {
      return await reply
    } catch (error) {
      throw stop.late ? tookTooLong() : error
    } finally {
      stop.clear()
    }
  }

  return {
    parse: async (text) => (await ask<'parse'>([text], { call: 'parse', text })).tree,
    regenerate: (run, check, stubs = [], parts = []) =>
      ask<'regenerate'>([check], {
        call: 'regenerate',
        run,
        ...(check !== run && { check }),
        stubs,
        parts,
      }),
    deparse: async (trees) => {
      const { texts } = await ask<'deparse'>(trees, { call: 'deparse', trees })
      return [...texts]
    },
    plan: async (text, stubs = []) =>
      (await ask<'plan'>([text], { call: 'plan', text, stubs })).plan,
    inspect: async (source) => (await ask<'inspect'>([], { call: 'inspect', source })).columns,
  }
}

/** Interrupts the request when its time is over; the engine may not hear it while it plans. */
function stopLate(
  link: HostLink,
  id: number,
  killAfterMs: number,
): { readonly late: boolean; readonly clear: () => void } {
  let late = false
  let timer = setTimeout(() => {
    late = true
    link.interrupt(id)
    timer = setTimeout(() => {
      link.kill('planning did not stop', link.textsOf(id))
    }, killAfterMs)
  }, PLANNING_MS_MAX)
  return {
    get late() {
      return late
    },
    clear: () => clearTimeout(timer),
  }
}

function tookTooLong(): GatewayError {
  return new GatewayError('statement_too_complex', 'planning this statement takes too long', {
    hint: 'Use fewer joins and set operations in one statement.',
  })
}
