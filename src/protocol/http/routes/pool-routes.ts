/** /api/v1/pools: makes, lists, changes and drops resource pools. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { poolIsUnknown } from '../../../identity/pool-book.ts'
import type { PoolCheck, PoolInfo } from '../../../identity/pools.ts'
import type { ApiParts } from '../api-parts.ts'
import { IdempotencyKey, creationKey } from '../creation-key.ts'
import { IfMatch, checkIfMatch, etagHeader } from '../etag.ts'
import { PageQuery, page } from '../page.ts'
import type { PageRequest } from '../page.ts'
import { poolEtag, poolView } from '../pool-view.ts'
import type { PoolView } from '../pool-view.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import { NEW_POOL, POOL, POOL_CHANGE, POOL_PAGE } from '../schemas/pool-schemas.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const config = { needs: 'clusterAdmin' } as const
const tags = ['Pools']

export function poolRoutes(app: FastifyInstance, parts: ApiParts): void {
  readingRoutes(app, parts)
  creationRoute(app, parts)
  changeRoute(app, parts)
  droppingRoute(app, parts)
}

function readingRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.get<{ Querystring: PageRequest }>(
    '/api/v1/pools',
    {
      config,
      schema: {
        operationId: 'listPools',
        tags,
        summary: 'Lists resource pools by name, with who runs and waits in them now.',
        querystring: PageQuery,
        response: { 200: POOL_PAGE.ref },
      },
    },
    (request) => {
      const part = request.query.search?.toLowerCase() ?? ''
      const found = identity.listPools().filter(({ name }) => name.includes(part))
      const { items, ...rest } = page(found, ({ name }) => name, request.query)
      return { items: items.map((pool) => poolView(parts, pool)), ...rest }
    },
  )

  app.get<Named>(
    '/api/v1/pools/:name',
    {
      config,
      schema: {
        operationId: 'getPool',
        tags,
        summary: 'Shows a resource pool.',
        params: NameInPath,
        response: { 200: POOL.ref },
      },
    },
    (request, reply) => {
      const { name } = request.params
      const pool = identity.findPool(name)
      if (!pool) throw poolIsUnknown(name)
      return answer(parts, reply, pool)
    },
  )
}

function creationRoute(app: FastifyInstance, parts: ApiParts): void {
  app.post<{ Body: Static<typeof NEW_POOL.schema> }>(
    '/api/v1/pools',
    {
      config,
      schema: {
        operationId: 'createPool',
        tags,
        summary: 'Makes a resource pool.',
        headers: IdempotencyKey,
        body: NEW_POOL.ref,
        response: { 201: POOL.ref },
      },
    },
    async (request, reply) => {
      const details = JSON.stringify(request.body)
      const act = { category: 'SYSTEM', action: 'pool_created', details } as const
      const pool = await recordAct(parts, callerOf(request), act, () =>
        parts.identity.createPool(request.body, creationKey(request)),
      )
      void reply.code(201).header('location', `/api/v1/pools/${pool.name}`)
      return answer(parts, reply, pool)
    },
  )
}

function changeRoute(app: FastifyInstance, parts: ApiParts): void {
  app.patch<Named & { Body: Static<typeof POOL_CHANGE.schema> }>(
    '/api/v1/pools/:name',
    {
      config,
      schema: {
        operationId: 'changePool',
        tags,
        summary: 'Gives a resource pool other limits, or makes it the default one.',
        params: NameInPath,
        headers: IfMatch,
        body: POOL_CHANGE.ref,
        response: { 200: POOL.ref },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const details = `pool ${name}: ${JSON.stringify(request.body)}`
      const act = { category: 'SYSTEM', action: 'pool_changed', details } as const
      const pool = await recordAct(parts, callerOf(request), act, () =>
        parts.identity.changePool(name, request.body, seenBy(request)),
      )
      return answer(parts, reply, pool)
    },
  )
}

function droppingRoute(app: FastifyInstance, parts: ApiParts): void {
  app.delete<Named>(
    '/api/v1/pools/:name',
    {
      config,
      schema: {
        operationId: 'dropPool',
        tags,
        summary: 'Drops a resource pool. What waits in it is refused; what runs goes on.',
        params: NameInPath,
        headers: IfMatch,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const act = { category: 'SYSTEM', action: 'pool_dropped', details: `pool ${name}` } as const
      await recordAct(parts, callerOf(request), act, () =>
        parts.identity.dropPool(name, seenBy(request)),
      )
      return await reply.code(204).send()
    },
  )
}

function seenBy(request: FastifyRequest): PoolCheck {
  return (current) => checkIfMatch(request, poolEtag(current))
}

function answer(parts: ApiParts, reply: FastifyReply, pool: PoolInfo): PoolView {
  const view = poolView(parts, pool)
  void reply.header('etag', etagHeader(view.etag))
  return view
}
