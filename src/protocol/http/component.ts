/** A schema with a name of its own: one component of the API's description. */
import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'

export interface Component<Schema extends TSchema = TSchema> {
  /** As fastify keeps it, under its name. */
  readonly schema: Schema & { readonly $id: string }
  /** For use inside other schemas. */
  readonly ref: ReturnType<typeof Type.Unsafe<Static<Schema>>>
}

export function component<Schema extends TSchema>(name: string, schema: Schema): Component<Schema> {
  return {
    schema: { ...schema, $id: name },
    ref: Type.Unsafe<Static<Schema>>({ $ref: `${name}#` }),
  }
}

/** One of these words. */
export function words<const Word extends string>(...values: readonly Word[]) {
  return Type.Unsafe<Word>({ type: 'string', enum: values })
}

/** ISO 8601, UTC. */
export function instantText(description?: string) {
  return Type.Unsafe<string>({
    type: 'string',
    format: 'date-time',
    ...(description !== undefined && { description }),
  })
}

export function nullable<Value>(type: 'string' | 'integer', description?: string) {
  return Type.Unsafe<Value | null>({
    type: [type, 'null'],
    ...(description !== undefined && { description }),
  })
}
