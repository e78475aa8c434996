/**
 * Makes permits: the only place that does. Whatever runs in the engine went through here.
 *
 * Obeys the security design, section 3: limits, parse, check, regenerate, verify the plan. Denies
 * by default. Keeps what it found per role, version of the grants and version of the catalogue.
 */
import type { Permit, PermittedFiles } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'
import type { Principal } from '../identity/principal.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { FilePlace } from '../base/gateway-error.ts'
import { FunctionTexts } from './callable-functions.ts'
import { checkLoad } from './check-load.ts'
import { checkQuery } from './check-query.ts'
import { checkStatement } from './check-statement.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { DrawnSequences } from './drawn-sequences.ts'
import { FilesUsed } from './files-used.ts'
import type { AuthorizationRequest, Gate, LoadAuthorization } from './gate.ts'
import type { GateContext, SecurityFinding } from './gate-context.ts'
import { missingPermissions } from './missing-permissions.ts'
import { mustNotChange } from './must-not-change.ts'
import { ParameterTypes } from './parameter-types.ts'
import { PermitCache } from './permit-cache.ts'
import { distinctRequirements, needConnect } from './requirements.ts'
import { searchMisfit } from './search-misfit.ts'
import type { SystemRelations } from './system-relations.ts'
import { ViewReads } from './view-reads.ts'

export interface GateOptions {
  /** What `version()` answers. Tools read the number after `PostgreSQL`. */
  readonly serverVersion?: string
  /** Catalogue relations; without them their names do not exist. */
  readonly systemRelations?: SystemRelations
  /** Told when two checks disagree; the statement was refused. */
  readonly alert?: (finding: SecurityFinding) => void
  readonly cacheEntriesMax?: number
  readonly cacheBytesMax?: number
  /** Where uploaded files lie, as a realpath; without it there are no loads. */
  readonly uploadsDirectory?: string
}

type OwnContext =
  'system' | 'throughView' | 'withinViews' | 'functions' | 'functionsIn' | 'files' | 'sequences'

export function createGate(options: GateOptions = {}): Gate {
  const serverVersion = options.serverVersion ?? 'PostgreSQL 15.4 (Bluegate)'
  const parameterTypes = new ParameterTypes()
  const cache = new PermitCache({
    entriesMax: options.cacheEntriesMax ?? 10_000,
    bytesMax: options.cacheBytesMax ?? 64 * 1024 * 1024,
  })

  const functionTexts = new FunctionTexts()
  const views = new ViewReads((context) => checkQuery(context, parameterTypes))

  const throughView: GateContext['throughView'] = (view, context) => views.through(view, context)

  /** With the catalogue for statements that name it; all others go straight on. */
  async function checkAll(asked: Omit<GateContext, OwnContext>): Promise<CheckedStatement> {
    const { statement, introspection } = asked
    const [files, sequences] = [new FilesUsed(), new DrawnSequences()]
    const functionsIn: GateContext['functionsIn'] = (text, names) =>
      functionTexts.in(text, names, introspection)
    const functions = await functionsIn(statement.text, asked)
    const context = {
      ...asked,
      throughView,
      withinViews: [],
      functions,
      functionsIn,
      files,
      sequences,
    }
    const withUsed = (checked: CheckedStatement) => ({
      ...checked,
      requires: [...checked.requires, ...sequences.requires(asked.authority)],
      files: files.all,
    })
    const system = await options.systemRelations?.open(statement.text, context, introspection)
    if (!system) {
      const checked = await checkStatement({ ...context, system }, parameterTypes)
      return withUsed(checked)
    }
    const readable = { ...statement, text: system.text }
    const checked = await checkStatement(
      { ...context, system, statement: readable },
      parameterTypes,
    )
    const { text, personal } = system.fill(checked.text)
    return withUsed({ ...checked, text, personal: checked.personal || personal })
  }

  let [hits, misses] = [0, 0]
  return {
    get cacheCounts() {
      return { hits, misses }
    },
    async authorize(request: AuthorizationRequest): Promise<Permit> {
      const known = cache.get(request)
      if (known) hits += 1
      else misses += 1
      if (known) return permit(known, request.principal, request.catalog.version)
      const checked = withConnection(
        await checkAll({
          ...request,
          serverVersion,
          alert: options.alert ?? ignore,
        }),
        request,
      )
      cache.set(request, checked)
      return permit(checked, request.principal, request.catalog.version)
    },

    async requirementsOf(request) {
      const checked = await checkAll({ ...request, serverVersion, alert: ignore })
      return withConnection(checked, request).requires.filter(({ holder }) => holder === undefined)
    },

    authorizeSearch: searchPermit,

    async authorizeLoad(request: LoadAuthorization): Promise<Permit> {
      const sequences = new DrawnSequences()
      const load = checkLoad(request, options.uploadsDirectory, sequences)
      const needed = [...load.requires, ...sequences.requires(request.authority)]
      const checked = withConnection({ ...load, requires: needed }, request)
      return permit(checked, request.principal, request.catalog.version)
    },
  }
}

/**
 * The last word, for every kind of statement: CONNECT on the session's database besides what the
 * statement itself needs, and the authority covers all of it.
 */
function withConnection(
  checked: CheckedStatement,
  { catalog, database, authority }: Omit<LoadAuthorization, 'load'>,
): CheckedStatement {
  const home = catalog.database(database)
  if (!home) {
    throw new GatewayError('invalid_catalog_name', `database "${database}" does not exist`)
  }
  const requires = distinctRequirements([needConnect(home), ...checked.requires])
  const own = requires.filter(({ holder }) => holder === undefined) // the others were checked
  const missing = own.filter((requirement) => !authority.covers(requirement))
  if (missing.length > 0) throw missingPermissions(missing, authority, [], new Set())
  mustNotChange(checked, catalog)
  return { ...checked, requires }
}

/** For what `permitted` was there for already: it reads less, and gives a number alone. */
function searchPermit(
  permitted: Permit,
  files: PermittedFiles,
  { column, path }: FilePlace,
): Permit | undefined {
  const searched = column === undefined ? undefined : searchMisfit(files, column, path)
  if (!searched) return undefined
  const { principal, requires, catalogVersion } = permitted
  const read = { action: { kind: 'read' }, requires, personal: true, reusable: false } as const
  return permit({ ...searched, ...read }, principal, catalogVersion)
}

function permit(checked: CheckedStatement, principal: Principal, catalogVersion: number): Permit {
  const { text, further = [], action, requires, files = [] } = checked
  // Beside what it reads, every statement needs CONNECT.
  const readsNoTable = action.kind === 'read' && requires.every(isConnect)
  return {
    principal,
    text,
    further,
    action,
    readsNoTable,
    requires,
    catalogVersion,
    files,
  } as Permit
}

function isConnect({ permission }: Requirement): boolean {
  return permission === 'CONNECT'
}

function ignore(): void {
  // no one listens
}
