/** What of a permit the host needs beside its text. */
import type { Permit } from '../../identity/permit.ts'
import type { WireAction, WireFiles } from '../wire/request.ts'

export function toWireFiles({ files }: Pick<Permit, 'files'>): WireFiles[] {
  return files.map(({ tableId, format, directory, path, columns }) => {
    return { tableId, format, directory, path, columns }
  })
}

export function toWireAction({ action }: Pick<Permit, 'action'>): WireAction {
  switch (action.kind) {
    case 'read':
      return { kind: 'read' }
    case 'write':
      return { kind: 'write' }
    case 'define': {
      const { database, registers, unregisters, amends = [], countsRows } = action
      return { kind: 'define', database, registers, unregisters, amends, countsRows }
    }
  }
}
