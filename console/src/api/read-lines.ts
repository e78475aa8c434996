/** An answer of one JSON value a line, as it arrives. */
import { ApiError } from './api-error.ts'
import type { Problem } from './api-error.ts'

/**
 * Yields every line but an `error`, which is thrown.
 *
 * @throws ApiError also when the answer was cut off: the last line must hold `end`.
 */
export async function* readLines<T extends object>(answer: Response): AsyncGenerator<T> {
  let ended = false
  for await (const line of lines(answer)) {
    const value = JSON.parse(line) as T & { readonly error?: Problem }
    if (value.error) throw new ApiError(value.error)
    ended = 'end' in value
    yield value as Awaited<T>
  }
  if (!ended) throw new ApiError(CUT_OFF)
}

const CUT_OFF: Problem = {
  status: 0,
  code: 'io_error',
  title: 'The answer was cut off before its end.',
  hint: 'Try again; what is shown is not complete.',
}

async function* lines({ body }: Response): AsyncGenerator<string> {
  if (!body) return
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const found = (rest + value).split('\n')
      rest = found.pop() ?? ''
      yield* found.filter((line) => line !== '')
    }
    if (rest !== '') yield rest
  } finally {
    await reader.cancel().catch(() => undefined) // the reader left early: the gateway stops too
  }
}
