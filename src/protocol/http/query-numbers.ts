/**
 * Numbers and truths of a query string, which has only texts: read as what the route's schema says
 * they are, before they are held against it. Bodies are never bent like this.
 */
import type { FastifyInstance } from 'fastify'

export function readQueryNumbers(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _, done) => {
    const schema = request.routeOptions.schema?.querystring as QuerySchema | undefined
    const query = request.query as Record<string, unknown>
    for (const [name, { type }] of Object.entries(schema?.properties ?? {})) {
      const text = query[name]
      if (typeof text !== 'string') continue
      if (type === 'integer' && /^-?\d{1,15}$/.test(text)) query[name] = Number(text)
      if (type === 'boolean' && /^(?:true|false)$/.test(text)) query[name] = text === 'true'
    }
    done()
  })
}

interface QuerySchema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>
}
