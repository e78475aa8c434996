/** DESCRIBE CONFIGURATION: the settings of the session, with BLUE's columns. SUPERUSER only. */
import { likePattern } from '../audit/like-pattern.ts'
import type { DefinitionQuery } from '../sql/statement.ts'
import type { Row } from './answer.ts'
import type { SessionContext } from './execution-context.ts'
import { requireSuperuser } from './require-superuser.ts'

/** @throws GatewayError `insufficient_privilege`; `undefined_object` for a parameter that there is not. */
export function describeConfiguration(
  { identity, session: { principal, settings } }: SessionContext,
  { parameter, like }: Extract<DefinitionQuery, { kind: 'describe_configuration' }>,
): Row[] {
  const authority = identity.authority(principal.roleId)
  requireSuperuser(authority, 'DESCRIBE CONFIGURATION needs a role with SUPERUSER.')
  if (parameter !== undefined) settings.show(parameter)
  const fits = like === undefined ? () => true : likePattern(like)
  return settings
    .showAll()
    .filter(({ name }) => parameter === undefined || name.toLowerCase() === parameter.toLowerCase())
    .filter(({ name }) => fits(name))
    .map((one) => [one.name, one.value, one.default, 'session', 'regular', 'text', one.description])
}
