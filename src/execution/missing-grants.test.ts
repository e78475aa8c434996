import { expect, test } from 'vitest'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import { databaseRef, schemaRef, tableRef } from '../catalog/catalog-snapshot.ts'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { MissingRequirements } from '../gate/missing-permissions.ts'
import type { Requirement } from '../identity/permission.ts'
import { lackedBy, missingGrants } from './missing-grants.ts'

const catalog = buildSnapshot(SMALL_DEFINITIONS)
const flights = present(catalog.table('master', 'public', 'flights'), 'flights')

function grants(missing: readonly Requirement[], held: readonly GrantText[] = []): string[] {
  return missingGrants(missing, testAuthority(catalog, held), catalog)
}

function reading(...columns: string[]): Requirement {
  return { permission: 'SELECT', object: tableRef(flights), name: 'flights', columns }
}

const TABLE = 'grant select on table "master"."public"."flights" to "tester";'

test('one statement for each permission, with full names, each once', () => {
  const { schema } = flights
  const usage: Requirement = { permission: 'USAGE', object: schemaRef(schema), name: 'public' }
  const connect: Requirement = {
    permission: 'CONNECT',
    object: databaseRef(schema.database),
    name: 'master',
  }
  expect(grants([connect, usage, usage])).toEqual([
    'grant connect on database "master" to "tester";',
    'grant usage on schema "master"."public" to "tester";',
  ])
})

test('only the columns that are read, unless all of them are, or rows are counted', () => {
  expect(grants([reading('Distance')])).toEqual([
    'grant select on column "Distance" in table "master"."public"."flights" to "tester";',
  ])
  expect(grants([reading('delay', 'Distance')])).toEqual([TABLE])
  expect(grants([reading()])).toEqual([TABLE])
})

test('columns that are held already are not granted again', () => {
  const held = ['SELECT ON master.public.flights (Distance)'] as const
  const rest = 'grant select on column "delay" in table "master"."public"."flights" to "tester";'
  expect(grants([reading('delay', 'Distance')], held)).toEqual([rest])
  expect(grants([reading('delay')], held)).toEqual([rest])
})

test('an object that is gone meanwhile has no grant', () => {
  const gone = { ...tableRef(flights), tableId: 'gone' }
  expect(grants([{ ...reading('delay'), object: gone }])).toEqual([])
})

test('only a refusal for permissions lacks any', () => {
  const missing = [reading('delay')]
  const refusal = new GatewayError('insufficient_privilege', 'no', {
    cause: new MissingRequirements(missing),
  })
  expect(lackedBy(refusal)).toBe(missing)
  expect(lackedBy(new GatewayError('insufficient_privilege', 'no'))).toEqual([])
  expect(lackedBy(new Error('no'))).toEqual([])
})
