/** Definitions from the wire: the same data, where null stands for what is absent. */
import type { Definitions } from '../engine.ts'
import type { WireDefinitions } from '../wire/request.ts'

export function fromWireDefinitions(found: WireDefinitions): Definitions {
  return {
    ...found,
    tables: found.tables.map(({ view, ...table }) => ({
      ...table,
      ...(view && { view }),
      columns: table.columns.map((column) => ({
        ...column,
        defaultExpression: column.defaultExpression ?? undefined,
      })),
    })),
  }
}
