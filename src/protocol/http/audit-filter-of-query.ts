/** The filter of the audit where it can only be part of the address: JSON in the query. */
import type { FastifyRequest } from 'fastify'
import { auditFilter } from '../../audit/audit-filter.ts'
import type { AuditFilter } from '../../audit/audit-log.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import { AUDIT_FILTER } from './schemas/audit-schemas.ts'

/** @throws GatewayError `invalid_parameter_value` naming the member that is wrong. */
export function auditFilterOfQuery(request: FastifyRequest, text = '{}'): AuditFilter {
  const filter = parsed(text)
  const validate =
    request.getValidationFunction(AUDIT_FILTER.schema) ??
    request.compileValidationSchema(AUDIT_FILTER.schema)
  if (!validate(filter)) {
    const [problem] = validate.errors ?? []
    const place = `filter${problem?.instancePath.replaceAll('/', '.') ?? ''}`
    throw wrongFilter(`${place} ${problem?.message ?? 'is wrong'}`, place)
  }
  auditFilter(filter) // times are more than texts
  return filter
}

function parsed(text: string): AuditFilter {
  try {
    return JSON.parse(text) as AuditFilter
  } catch {
    throw wrongFilter('filter is not JSON', 'filter')
  }
}

function wrongFilter(what: string, field: string): GatewayError {
  return new GatewayError('invalid_parameter_value', what, {
    field,
    hint: 'Write it as the body of POST /api/v1/audit/search, such as {"usernames":["tableau"]}.',
  })
}
