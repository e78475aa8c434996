/** The foreign tables that one statement reads, directly or beneath views. */
import { present } from '../base/assert.ts'
import type { LocationEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { PermittedFiles } from '../identity/permit.ts'

export class FilesUsed {
  readonly #byTable = new Map<string, PermittedFiles>()

  /** What may be told of a table's files in one place may be told in all of the statement. */
  add(files: readonly PermittedFiles[]): void {
    for (const one of files) {
      const told = one.told || this.#byTable.get(one.tableId)?.told === true
      this.#byTable.set(one.tableId, { ...one, told })
    }
  }

  get all(): readonly PermittedFiles[] {
    return [...this.#byTable.values()]
  }
}

export function filesOfTable(table: TableEntry, { directory }: LocationEntry): PermittedFiles {
  const { source } = present(table.foreign, 'where the files of a foreign table are')
  return {
    ...source,
    tableId: table.id,
    name: table.name,
    directory,
    columns: table.columns.map(({ name, typeName }) => ({ name, typeName })),
    told: false,
  }
}
