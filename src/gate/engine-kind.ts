/** What an object is to the engine, which knows no foreign tables: ours are views there. */
import type { RelationKind } from '../catalog/catalog-snapshot.ts'

export function engineKind(kind: RelationKind): 'TABLE' | 'VIEW' {
  return kind === 'table' ? 'TABLE' : 'VIEW'
}
