/** What `serve` shows a person: where the doors are, and the next three lines to type. */
import { connectKit } from '../protocol/http/connect-kit/connect-kit.ts'
import { connectionTarget } from '../protocol/http/connect-kit/connection-target.ts'
import type { Gateway } from './start-gateway.ts'

export interface Welcome {
  /** How this person calls the command line, such as `bluegate`. */
  readonly command: string
  /** Named in every line when it is not the default one. */
  readonly dataDir: string | undefined
  readonly hasSamples: boolean
}

export function welcomeScreen(
  gateway: Pick<Gateway, 'doors' | 'setupUrl' | 'caFile' | 'fingerprint' | 'engineLayers'>,
  { command, dataDir, hasSamples }: Welcome,
): string {
  const { doors, setupUrl, caFile, fingerprint, engineLayers } = gateway
  const flags = dataDir === undefined ? '' : ` --data-dir ${shellWord(dataDir)}`
  const query = hasSamples ? 'select count(*) from flights' : 'select 1'

  const [psql] = connectKit(connectionTarget({ doors, caFile }, 'tool1', caFile))
  return [
    '',
    'Bluegate is ready.',
    '',
    ...Object.entries(doors).map(
      ([door, { host, port }]) =>
        `  ${(DOOR_NAMES[door] ?? door).padEnd(12)} ${door === 'https' ? 'https://' : ''}${host}:${port}`,
    ),
    ...(caFile === undefined ? [] : [`  ${'CA file'.padEnd(12)} ${caFile}`]),
    `  ${'SHA-256'.padEnd(12)} ${fingerprint}`,
    ...layerLines(engineLayers),
    '',
    ...(setupUrl === undefined
      ? []
      : [
          'Nobody can sign in to the console yet. This link makes the first administrator, once:',
          '',
          `  ${setupUrl}`,
          '',
        ]),
    'Next, in another terminal:',
    '',
    `  ${command} role create reader --grant "SELECT ON ALL TABLES IN SCHEMA public"${flags}`,
    `  ${command} client create tool1 --role reader${flags}`,
    `  ${psql?.text ?? ''} -c "${query}"`,
    '',
    'The second line prints the access token: it is the password that psql asks for.',
    'Ctrl-C stops the gateway.',
    '',
    '',
  ].join('\n')
}

/** What is around the engine in one line; what is missing in one each, with its reason. */
function layerLines(layers: Gateway['engineLayers']): string[] {
  const active = layers.filter((layer) => layer.active).map(({ name }) => name)
  const missing = layers.filter((layer) => !layer.active)
  return [
    `  ${'Engine'.padEnd(12)} fenced by ${active.join(', ') || 'nothing'}`,
    ...missing.map(({ name, about }) => `  ${''.padEnd(12)} not by ${name}: ${about}`),
  ]
}

const DOOR_NAMES: Readonly<Record<string, string>> = { pg: 'PostgreSQL', https: 'Console' }

function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
