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
import type { ApiParts } from '../api-parts.ts'
import type { Caller } from '../caller.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import {
  LOAD,
  LOAD_LIST,
  LOAD_PREVIEW,
  LOAD_PREVIEW_REQUEST,
  LOAD_START,
  UPLOADED_LOAD,
  UploadQuery,
} from '../schemas/load-schemas.ts'

const LoadInPath = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

interface ById {
  Params: Static<typeof LoadInPath>
}

const config = { needs: 'signedIn' } as const
const tags = ['Loads']

export function loadRoutes(app: FastifyInstance, parts: ApiParts): void {
  void app.register((scope, _, done) => {
    uploadRoute(scope, parts)
    done()
  })
  readingRoutes(app, parts)
  previewRoute(app, parts)
  startRoute(app, parts)
  removalRoute(app, parts)
}

/** In a scope of its own: only here a body is a stream of bytes. */
function uploadRoute(scope: FastifyInstance, parts: ApiParts): void {
  scope.addContentTypeParser('application/octet-stream', (_, body, done) => done(null, body))
  scope.post<{ Body: Readable; Querystring: Static<typeof UploadQuery> }>(
    '/api/v1/loads',
    {
      config,
      bodyLimit: Number.MAX_SAFE_INTEGER,
      schema: {
        operationId: 'uploadFile',
        tags,
        summary: 'Takes a file in, and shows what would come of it.',
        querystring: UploadQuery,
        body: {
          content: { 'application/octet-stream': { schema: { description: 'The file itself.' } } },
        },
        response: { 201: UPLOADED_LOAD.ref },
      },
    },
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

function readingRoutes(app: FastifyInstance, { loads }: ApiParts): void {
  app.get(
    '/api/v1/loads',
    {
      config,
      schema: {
        operationId: 'listLoads',
        tags,
        summary: 'Lists the loads of the caller, the newest first.',
        response: { 200: LOAD_LIST.ref },
      },
    },
    (request) => ({ items: loads.list(callerOf(request)) }),
  )

  app.get<ById>(
    '/api/v1/loads/:id',
    {
      config,
      schema: {
        operationId: 'getLoad',
        tags,
        summary: 'How far a load is, or how it ended.',
        params: LoadInPath,
        response: { 200: LOAD.ref },
      },
    },
    (request) => loads.get(callerOf(request), request.params.id),
  )
}

function previewRoute(app: FastifyInstance, { loads }: ApiParts): void {
  app.post<ById & { Body: Static<typeof LOAD_PREVIEW_REQUEST.schema> }>(
    '/api/v1/loads/:id/preview',
    {
      config,
      schema: {
        operationId: 'previewLoad',
        tags,
        summary: 'The first rows as they would be loaded, and what is bad in them.',
        params: LoadInPath,
        body: LOAD_PREVIEW_REQUEST.ref,
        response: { 200: LOAD_PREVIEW.ref },
      },
    },
    async (request) => await loads.preview(callerOf(request), request.params.id, request.body),
  )
}

function startRoute(app: FastifyInstance, { loads }: ApiParts): void {
  app.post<ById & { Body: Static<typeof LOAD_START.schema> }>(
    '/api/v1/loads/:id/start',
    {
      config,
      schema: {
        operationId: 'startLoad',
        tags,
        summary: 'Begins to load, once it is clear that the caller may.',
        params: LoadInPath,
        body: LOAD_START.ref,
        response: { 202: LOAD.ref },
      },
    },
    async (request, reply) => {
      const started = await loads.start(callerOf(request), request.params.id, request.body)
      return await reply.code(202).send(started)
    },
  )
}

function removalRoute(app: FastifyInstance, parts: ApiParts): void {
  const { loads } = parts
  app.delete<ById>(
    '/api/v1/loads/:id',
    {
      config,
      schema: {
        operationId: 'removeLoad',
        tags,
        summary: 'Stops a load where it runs, removes it with its file, and says how it ended.',
        params: LoadInPath,
        response: { 200: LOAD.ref },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const { id } = request.params
      const { fileName, state } = loads.get(caller, id)
      const act = actOf('load_removed', `${fileName} (${state})`)
      return await recordAct(parts, caller, act, () => loads.remove(caller, id))
    },
  )
}

function actOf(action: string, details: string) {
  return { category: 'OTHER', action, details } as const
}
