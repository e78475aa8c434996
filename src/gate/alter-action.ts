/** One action of ALTER TABLE, as it was written. */
import type { ColumnDefinition, Fragment } from './column-definitions.ts'

export type AlterAction = RenameColumn | AddColumn | DropColumn | ChangeColumn | AddPrimaryKey

export interface RenameColumn {
  readonly kind: 'rename'
  readonly name: string
  readonly to: string
}

export interface AddColumn {
  readonly kind: 'add'
  readonly definition: ColumnDefinition
  readonly ifNotExists: boolean
}

export interface DropColumn {
  readonly kind: 'drop'
  readonly name: string
  readonly ifExists: boolean
}

export type ChangeColumn =
  | { readonly kind: 'drop default' | 'drop not null' | 'set not null'; readonly name: string }
  | { readonly kind: 'set default'; readonly name: string; readonly value: Fragment }
  | ChangeType

export interface ChangeType {
  readonly kind: 'type'
  readonly name: string
  readonly type: Fragment
  readonly using: Fragment | undefined
}

export interface AddPrimaryKey {
  readonly kind: 'primary key'
  readonly columns: readonly string[]
}
