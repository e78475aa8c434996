/**
 * /api/v1/loads: files into tables, in the caller's name.
 *
 * A load is sent (`POST /loads`, the file as the body), looked at (`…/preview`), started (`…/start`)
 * and followed (`GET`). `DELETE` stops and removes it. Each caller sees its own loads alone.
 */
import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../../base/gateway-error.ts'
import { DATE_FORMATS } from '../../../sql/load-statement.ts'
import type { ApiParts } from '../api-parts.ts'
import type { Caller } from '../caller.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'

const COLUMNS_MAX = 100_000

const closed = { additionalProperties: false }

const Upload = Type.Object(
  {
    format: Type.Union([Type.Literal('csv'), Type.Literal('parquet')]),
    fileName: Type.String({ minLength: 1, maxLength: 255 }),
  },
  closed,
)

/** A character of its own: no quote, no line end, nothing that numbers or words are made of. */
const DELIMITER = '^[\\t !#-&(-/:-@\\[\\]-`{-~]$'

const Csv = Type.Partial(
  Type.Object({
    delimiter: Type.String({ pattern: DELIMITER }),
    quote: Type.Union([Type.Literal('"'), Type.Literal("'"), Type.Literal('')]),
    escape: Type.Union([Type.Literal('double'), Type.Literal('backslash')]),
    header: Type.Boolean(),
    encoding: Type.Union([Type.Literal('utf-8'), Type.Literal('latin-1')]),
    nullTexts: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 }),
    decimal: Type.Union([Type.Literal('.'), Type.Literal(',')]),
    dateFormat: Type.Union(DATE_FORMATS.map((format) => Type.Literal(format))),
  }),
  closed,
)

const Columns = Type.Array(
  Type.Object(
    {
      from: Type.Integer({ minimum: 0, maximum: COLUMNS_MAX }),
      name: Type.String({ minLength: 1, maxLength: 255 }),
      type: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    },
    closed,
  ),
  { minItems: 1, maxItems: COLUMNS_MAX },
)

const Name = Type.String({ minLength: 1, maxLength: 255 })

const Table = Type.Object({ database: Name, schema: Name, name: Name }, closed)

const Mode = Type.Union([Type.Literal('create'), Type.Literal('append')])

const Preview = Type.Object(
  {
    csv: Type.Optional(Csv),
    columns: Type.Optional(Columns),
    table: Type.Optional(Table),
    mode: Type.Optional(Mode),
  },
  closed,
)

const Start = Type.Object(
  {
    table: Table,
    mode: Mode,
    csv: Type.Optional(Csv),
    columns: Type.Optional(Columns),
  },
  closed,
)

interface ById {
  Params: { id: string }
}

const config = { needs: 'signedIn' } as const

export function loadRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { loads } = parts
  void app.register((scope, _, done) => {
    uploadRoute(scope, parts)
    done()
  })

  app.get('/api/v1/loads', { config }, (request) => ({ items: loads.list(callerOf(request)) }))

  app.get<ById>('/api/v1/loads/:id', { config }, (request) =>
    loads.get(callerOf(request), request.params.id),
  )

  app.post<ById & { Body: Static<typeof Preview> }>(
    '/api/v1/loads/:id/preview',
    { config, schema: { body: Preview } },
    async (request) => await loads.preview(callerOf(request), request.params.id, request.body),
  )

  app.post<ById & { Body: Static<typeof Start> }>(
    '/api/v1/loads/:id/start',
    { config, schema: { body: Start } },
    async (request, reply) => {
      const started = await loads.start(callerOf(request), request.params.id, request.body)
      return await reply.code(202).send(started)
    },
  )

  app.delete<ById>('/api/v1/loads/:id', { config }, async (request) => {
    const caller = callerOf(request)
    const { id } = request.params
    const { fileName, state } = loads.get(caller, id)
    const act = actOf('load_removed', `${fileName} (${state})`)
    return await recordAct(parts, caller, act, () => loads.remove(caller, id))
  })
}

/** In a scope of its own: only here a body is a stream of bytes. */
function uploadRoute(scope: FastifyInstance, parts: ApiParts): void {
  scope.addContentTypeParser('application/octet-stream', (_, body, done) => done(null, body))
  scope.post<{ Body: Readable; Querystring: Static<typeof Upload> }>(
    '/api/v1/loads',
    { config, schema: { querystring: Upload }, bodyLimit: Number.MAX_SAFE_INTEGER },
    async (request, reply) => {
      const caller = callerOf(request)
      const { format, fileName } = request.query
      if (request.headers['content-type'] !== 'application/octet-stream') {
        throw new GatewayError('protocol_violation', 'the body is the file itself', {
          hint: 'Send it with Content-Type: application/octet-stream.',
        })
      }
      const length = Number(request.headers['content-length'])
      const upload = {
        format,
        fileName,
        body: request.body,
        announcedBytes: Number.isSafeInteger(length) ? length : undefined,
      }
      const load = await received(parts, caller, upload)
      const preview = await parts.loads.preview(caller, load.id, {}).catch(async (thrown) => {
        await parts.loads.remove(caller, load.id) // its sender would not learn its id
        throw thrown
      })
      return await reply.code(201).send({ ...load, preview })
    },
  )
}

type UploadOf = Parameters<ApiParts['loads']['upload']>[1]

async function received(parts: ApiParts, caller: Caller, upload: UploadOf) {
  const act = actOf('file_uploaded', upload.fileName)
  return await recordAct(parts, caller, act, () => parts.loads.upload(caller, upload))
}

function actOf(action: string, details: string) {
  return { category: 'OTHER', action, details } as const
}
