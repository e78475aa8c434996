/** What `serve` shows a person: where the doors are, and the next three lines to type. */
import { connectionLines } from '../cli/connection-lines.ts'
import type { Gateway } from './start-gateway.ts'

/**
 * @param command How this person calls the command line, such as `bluegate` or `npm run …`.
 * @param flags   What every further command needs to find this gateway; '' for the default.
 */
export function welcomeScreen(
  { doors, caFile, fingerprint }: Gateway,
  command: string,
  flags: string,
): string {
  const psql = connectionLines({ doors, ...(caFile === undefined ? {} : { caFile }) }, 'tool1')[0]
  return [
    '',
    'Bluegate is ready.',
    '',
    ...Object.entries(doors).map(
      ([door, { host, port }]) => `  ${(DOOR_NAMES[door] ?? door).padEnd(12)} ${host}:${port}`,
    ),
    ...(caFile === undefined ? [] : [`  ${'CA file'.padEnd(12)} ${caFile}`]),
    `  ${'SHA-256'.padEnd(12)} ${fingerprint}`,
    '',
    'Next, in another terminal:',
    '',
    `  ${command} role create reader --grant "SELECT ON ALL TABLES IN SCHEMA public"${flags}`,
    `  ${command} client create tool1 --role reader${flags}`,
    `  ${psql?.text ?? ''} -c "select count(*) from flights"`,
    '',
    'The second line prints the access token: it is the password that psql asks for.',
    'Ctrl-C stops the gateway.',
    '',
    '',
  ].join('\n')
}

const DOOR_NAMES: Readonly<Record<string, string>> = { pg: 'PostgreSQL' }
