/** /api/v1/objects: databases, schemas, tables, columns, sequences and functions, for those who give rights on them. */
import type { FastifyInstance } from 'fastify'
import type { CatalogSnapshot } from '../../../catalog/catalog-snapshot.ts'
import type { ApiParts } from '../api-parts.ts'
import { OBJECT_TREE } from '../schemas/role-schemas.ts'

export function objectRoutes(app: FastifyInstance, { catalog }: ApiParts): void {
  app.get(
    '/api/v1/objects',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'getObjects',
        tags: ['Roles'],
        summary: 'The tree of all databases, schemas, tables, columns, sequences and functions.',
        response: { 200: OBJECT_TREE.ref },
      },
    },
    async () => treeOf(await catalog.current()),
  )
}

function treeOf({ databases, schemas, tables, sequences, functions, locations }: CatalogSnapshot) {
  const functionsOf = Map.groupBy(functions, ({ database }) => database.id)
  const tablesOf = Map.groupBy(tables, ({ schema }) => schema.id)
  const sequencesOf = Map.groupBy(sequences, ({ schema }) => schema.id)
  const schemasOf = Map.groupBy(schemas, ({ database }) => database.id)
  return {
    locations: byName(locations).map(({ name }) => name),
    databases: byName(databases).map(({ id, name }) => ({
      name,
      functions: byName(functionsOf.get(id) ?? []).map(({ name: called, parameters, returns }) => ({
        name: called,
        type: `(${parameters.map((one) => `${one.name} ${one.type}`).join(', ')}) ${returns}`,
      })),
      schemas: byName(schemasOf.get(id) ?? []).map((schema) => ({
        name: schema.name,
        tables: byName(tablesOf.get(schema.id) ?? []).map((table) => ({
          name: table.name,
          kind: table.kind,
          columns: table.columns.map((column) => ({ name: column.name, type: column.typeName })),
        })),
        sequences: byName(sequencesOf.get(schema.id) ?? []).map((sequence) => sequence.name),
      })),
    })),
  }
}

function byName<Entry extends { readonly name: string }>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
