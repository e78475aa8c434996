/**
 * What shows a secret needs more than a session that was left open: the password of the person,
 * proven within the last minutes. Security design, section 7.
 *
 * A user proves it in the console. Whoever comes without a console session, the local administrator
 * too, sends name and password of a user with CLUSTERADMIN along; while there is no user at all the
 * local administrator needs none.
 */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../base/gateway-error.ts'
import type { ApiParts } from './api-parts.ts'
import { callerOf } from './route-needs.ts'

/** For the body of a route. */
export const ProofInBody = Type.Object(
  {
    user: Type.Optional(
      Type.String({ maxLength: 255, description: 'A user with CLUSTERADMIN; not in the console.' }),
    ),
    password: Type.Optional(Type.String({ maxLength: 4_096 })),
  },
  { additionalProperties: false },
)

/** @throws GatewayError `password_proof_required`, or what refuses the password that was sent. */
export async function requirePasswordProof(
  { identity }: Pick<ApiParts, 'identity'>,
  request: FastifyRequest,
  { user, password }: Static<typeof ProofInBody>,
): Promise<void> {
  const { principal, consoleSession, address } = callerOf(request)
  if (consoleSession) {
    if (consoleSession.provenUntil > Date.now()) return
    throw proofRequired('Prove it again: POST /api/v1/prove-password.')
  }
  if (principal.kind === 'local' && identity.listUsers().length === 0) return
  if (user === undefined || password === undefined) {
    throw proofRequired(
      'Send user and password of a user with CLUSTERADMIN; bluegate asks for them, or takes --user NAME --password-stdin.',
    )
  }
  await identity.provePassword({ userName: user, password, address })
  const roleId = identity.findUser(user)?.roleId
  if (roleId !== undefined && identity.authority(roleId).clusterAdmin) return
  throw new GatewayError('insufficient_privilege', 'this needs a user with CLUSTERADMIN', {
    field: 'user',
  })
}

function proofRequired(hint: string): GatewayError {
  return new GatewayError('password_proof_required', 'the password must be proven again for this', {
    hint,
  })
}
