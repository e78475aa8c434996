/**
 * The value of a statement's parameter on its way to the engine.
 *
 * A door decodes its own format (PostgreSQL text or binary) into one of these. The regenerated
 * text wraps each parameter in a cast to its declared type, so `text` is exact for every type
 * whose text the engine reads: the engine parses it, and refuses what it cannot.
 */
export type ParameterValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'bigint'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'blob'; readonly value: Uint8Array }
