/** Every relation of the catalogue that can be asked for. A new one is declared and listed here. */
import { CLIENT_RELATIONS } from '../blue/client-relations.ts'
import { SQREAM_CATALOG_RELATIONS } from '../blue/sqream-catalog.ts'
import type { CatalogRelation } from './catalog-relation.ts'
import { EMPTY_RELATIONS } from './empty-relations.ts'
import { INFORMATION_SCHEMA_RELATIONS } from './information-schema.ts'
import { pgAm } from './pg-am.ts'
import { pgAttrdef } from './pg-attrdef.ts'
import { pgAttribute } from './pg-attribute.ts'
import { pgClass } from './pg-class.ts'
import { pgCollation } from './pg-collation.ts'
import { pgConstraint } from './pg-constraint.ts'
import { pgDatabase } from './pg-database.ts'
import {
  pgForeignDataWrapper,
  pgForeignServer,
  pgForeignTable,
  pgOptionsToTable,
} from './pg-foreign.ts'
import { pgIndex } from './pg-index.ts'
import { pgNamespace } from './pg-namespace.ts'
import { pgLanguage, pgProc } from './pg-proc.ts'
import { pgRoles, pgUser } from './pg-roles.ts'
import { pgSequence, pgSequences } from './pg-sequence.ts'
import { pgSettings } from './pg-settings.ts'
import { pgTables, pgViews } from './pg-tables.ts'
import { pgTablespace } from './pg-tablespace.ts'
import { pgType } from './pg-type.ts'

const ALL: readonly CatalogRelation[] = [
  pgAm,
  pgAttrdef,
  pgAttribute,
  pgClass,
  pgCollation,
  pgConstraint,
  pgDatabase,
  pgForeignDataWrapper,
  pgForeignServer,
  pgForeignTable,
  pgOptionsToTable,
  pgIndex,
  pgLanguage,
  pgNamespace,
  pgProc,
  pgRoles,
  pgSequence,
  pgSequences,
  pgSettings,
  pgTables,
  pgTablespace,
  pgType,
  pgUser,
  pgViews,
  ...EMPTY_RELATIONS,
  ...INFORMATION_SCHEMA_RELATIONS,
  ...SQREAM_CATALOG_RELATIONS,
  ...CLIENT_RELATIONS,
]

/** By schema and name: `pg_catalog.pg_class`. */
export const CATALOG_RELATIONS: ReadonlyMap<string, CatalogRelation> = new Map(
  ALL.map((relation) => [`${relation.schema}.${relation.name}`, relation]),
)
