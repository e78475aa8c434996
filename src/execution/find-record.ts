/**
 * The number of the record that a statement failed on, where a value of a file did not fit. The engine
 * does not know it at that moment: the file is read once more, up to there, beside the session.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { Permit } from '../identity/permit.ts'
import type { ExecutionContext } from './execution-context.ts'
import { tableOf } from './foreign-places.ts'

/** An error without the number is better than one that nobody waits for. */
const SEARCH_MS_MAX = 10_000

/** The error with the record in its place, where one can be found; else as it was thrown. */
export async function withRecord(
  thrown: unknown,
  permit: Permit,
  { engine, gate }: Pick<ExecutionContext, 'engine' | 'gate'>,
): Promise<unknown> {
  if (!(thrown instanceof GatewayError) || thrown.place?.column === undefined) return thrown
  const { kind, message, place, cause } = thrown
  const files = tableOf(place, permit.files)
  const search = files?.told ? gate.authorizeSearch(permit, files, place) : undefined
  if (!search) return thrown
  const record = await firstNumber(search, engine).catch(() => undefined)
  if (record === undefined) return thrown
  return new GatewayError(kind, message, { place: { ...place, record }, cause })
}

async function firstNumber(
  permit: Permit,
  engine: ExecutionContext['engine'],
): Promise<number | undefined> {
  const session = await engine.openSession()
  try {
    const options = { parameters: [], format: { kind: 'json_lines' }, rowsMax: 0 } as const
    const portal = await session.run(permit, options, AbortSignal.timeout(SEARCH_MS_MAX))
    let text = ''
    for (;;) {
      const event = await portal.next()
      if (event.kind === 'complete') break
      if (event.kind === 'frame') text += Buffer.from(event.bytes).toString('utf8')
    }
    const number = Number(/\d+/.exec(text)?.[0])
    return Number.isSafeInteger(number) ? number : undefined
  } finally {
    await session.close()
  }
}
