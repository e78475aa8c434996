/** Definitions from the wire: the same data, where null stands for what is absent. */
import type { Definitions, Location } from '../engine.ts'
import type { WireDefinitions } from '../wire/request.ts'

/** @param locations That the engine was started with. */
export function fromWireDefinitions(
  found: WireDefinitions,
  locations: readonly Location[],
): Definitions {
  return {
    ...found,
    locations,
    tables: found.tables.map(({ view, foreign, ...table }) => ({
      ...table,
      ...(view && { view }),
      ...(foreign && { foreign }),
      columns: table.columns.map((column) => ({
        ...column,
        defaultExpression: column.defaultExpression ?? undefined,
      })),
    })),
  }
}
