/**
 * /api/v1/sql: runs statements in the caller's name.
 *
 * The body is the text. The answer is one JSON value a line, and per statement: `{"columns":[…]}`
 * (null where it returns no rows), its rows as arrays, `{"end":{"tag":…,"rows":…}}`. An error ends
 * the answer with `{"error":…}`, also after rows: an answer without an `end` or `error` as its last
 * line was cut off. As in psql, the text is one implicit transaction unless it says BEGIN; its last
 * `end` is sent only after the commit.
 */
import { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { toGatewayError } from '../../../base/gateway-error.ts'
import type { Executor, RunningStatement } from '../../../execution/executor.ts'
import { principalName } from '../../../identity/principal.ts'
import { openSessionSettings } from '../../../session/open-session-settings.ts'
import type { ApiParts } from '../api-parts.ts'
import { NDJSON_TYPE, ndjsonLine, ndjsonOf } from '../ndjson.ts'
import { toProblem } from '../problem.ts'
import { callerOf } from '../route-needs.ts'
import { SQL_LINE } from '../schemas/sql-schema.ts'

const SQL_ANSWER =
  'For each statement {"columns":[…]} (null without rows), its rows as arrays, {"end":…}. {"error":…} ends the answer.'

const Target = Type.Object(
  {
    database: Type.Optional(Type.String({ maxLength: 255 })),
    pool: Type.Optional(
      Type.String({ maxLength: 63, description: 'The resource pool to run in.' }),
    ),
  },
  { additionalProperties: false },
)

export function sqlRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.post<{ Body: string; Querystring: Static<typeof Target> }>(
    '/api/v1/sql',
    {
      config: { needs: 'signedIn' },
      schema: {
        operationId: 'runSql',
        tags: ['SQL'],
        summary: 'Runs statements in the caller’s name, as one implicit transaction.',
        consumes: ['text/plain'],
        querystring: Target,
        body: Type.String({ description: 'The statements.' }),
        response: { 200: ndjsonOf(SQL_LINE.ref, SQL_ANSWER) },
      },
    },
    async (request, reply) => {
      const executor = await openSession(parts, request, request.query)
      const cancel = new AbortController()
      reply.raw.on('close', () => cancel.abort()) // also after the end, when it has no effect
      const answer = Readable.from(run(executor, request.body, cancel.signal), {
        objectMode: false,
      })
      return await reply.type(NDJSON_TYPE).send(answer)
    },
  )
}

async function openSession(
  { execution }: ApiParts,
  request: FastifyRequest,
  { database = 'master', pool }: Static<typeof Target>,
): Promise<Executor> {
  const { principal, door, address, tool } = callerOf(request)
  const { settings } = openSessionSettings({
    user: principalName(principal),
    ...(pool !== undefined && { startup: [['pool', pool]] }),
  })
  const tls = request.raw.socket instanceof TLSSocket ? request.raw.socket : undefined
  const origin = { door, address, tool, tlsVersion: tls?.getProtocol() ?? undefined }
  return await execution.openExecutor({ principal, database, origin, settings })
}

async function* run(
  executor: Executor,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const running = { statement: undefined as RunningStatement | undefined }
  let end: Uint8Array | undefined
  try {
    for (const statement of executor.read(text)) {
      if (end) yield end
      const options = { ...ALL_ROWS, parameters: [], parameterTypes: [] }
      running.statement = await executor.run(statement, options, signal)
      end = yield* runStatement(running.statement)
      await running.statement.close()
    }
    await executor.endImplicitTransaction('succeeded')
    if (end) yield end
  } catch (thrown) {
    await running.statement?.close()
    await executor.endImplicitTransaction('failed').catch(() => undefined) // the first error counts
    yield ndjsonLine({ error: toProblem(toGatewayError(thrown)) })
  } finally {
    await running.statement?.close()
    await executor.close('the request ended')
  }
}

const ALL_ROWS = { format: { kind: 'json_lines' }, rowsMax: 0 } as const

/** Yields all but the last line, which it returns. */
async function* runStatement(statement: RunningStatement): AsyncGenerator<Uint8Array, Uint8Array> {
  const columns = statement.columns?.map(({ name, type }) => ({ name, type: type.kind })) ?? null
  yield ndjsonLine({ columns })
  let rows = 0
  for (;;) {
    const event = await statement.next()
    switch (event.kind) {
      case 'frame':
        rows += event.rows
        yield event.bytes
        break
      case 'suspended':
        statement.resume(0)
        break
      case 'complete':
        return ndjsonLine({ end: { tag: event.tag, rows, notices: event.notices } })
    }
  }
}
