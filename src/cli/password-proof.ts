/** Acts that need a user's password: asked for only where the gateway wants it. */
import { GatewayError } from '../base/gateway-error.ts'
import type { CliPorts } from './cli-ports.ts'

export interface ProofFlags {
  readonly user?: string
  readonly passwordStdin?: boolean
}

interface Proof {
  readonly user?: string
  readonly password?: string
}

type Ports = Pick<CliPorts, 'terminal' | 'readInput'>

/**
 * @param act Is tried without a proof first, unless the flags give one.
 * @throws what `act` throws; `password_proof_required` where there is nobody to ask.
 */
export async function withPasswordProof<T>(
  ports: Ports,
  flags: ProofFlags,
  act: (proof: Proof) => Promise<T>,
): Promise<T> {
  if (flags.user !== undefined || flags.passwordStdin === true) {
    return await act(await proofOf(ports, flags))
  }
  try {
    return await act({})
  } catch (error) {
    const wanted = error instanceof GatewayError && error.kind === 'password_proof_required'
    if (!wanted || !ports.terminal) throw error
    return await act(await proofOf(ports, flags))
  }
}

async function proofOf(ports: Ports, { user, passwordStdin }: ProofFlags): Promise<Proof> {
  const { terminal } = ports
  const name = user ?? (await terminal?.ask('User'))
  if (name === undefined) throw missing('--user', 'Name a user with CLUSTERADMIN.')
  if (passwordStdin === true) return { user: name, password: await passwordFromInput(ports) }
  if (!terminal) throw missing('--password-stdin', 'The password comes from standard input.')
  return { user: name, password: await terminal.askSecret(`Password of ${name}`) }
}

/** Its last line break is not part of it. */
export async function passwordFromInput({ readInput }: Pick<Ports, 'readInput'>): Promise<string> {
  return (await readInput()).replace(/\r?\n$/, '')
}

function missing(flag: string, hint: string): GatewayError {
  return new GatewayError('invalid_parameter_value', `${flag} is missing`, { hint })
}
