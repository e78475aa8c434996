/**
 * From what was given to a checked `Config`: total, and with every mistake at once.
 *
 * Knows no file and no environment; `load-config.ts` brings those.
 */
import { isIP } from 'node:net'
import path from 'node:path'
import { CONFIG_KEYS, CONFIG_NAMES, isConfigName, variableName } from './config-keys.ts'
import type { Config, ConfigName } from './config-keys.ts'
import { showValue } from './config-source.ts'
import type { ConfigMistake, GivenSetting } from './config-source.ts'

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly mistakes: readonly ConfigMistake[] }

/** @param given In rising precedence: of two with the same name, the later one counts. */
export function parseConfig(given: readonly GivenSetting[]): ParsedConfig {
  const mistakes: ConfigMistake[] = []
  const chosen = new Map<ConfigName, GivenSetting>()
  for (const setting of given) {
    if (isConfigName(setting.name)) chosen.set(setting.name, setting)
    else mistakes.push(unknownSetting(setting))
  }

  const values: Partial<Record<ConfigName, unknown>> = {}
  for (const name of CONFIG_NAMES) {
    const { reader, default: defaultText } = CONFIG_KEYS[name]
    const setting = chosen.get(name) ?? { raw: defaultText, origin: 'default' }
    if (setting.raw === undefined) continue
    const read = reader.read(setting.raw)
    if (read.ok) values[name] = read.value
    else mistakes.push(wrongValue(name, setting.origin, setting.raw, read.fix))
  }
  if (mistakes.length > 0) return { ok: false, mistakes }

  const config = {
    ...values,
    secretsDir: values.secretsDir ?? `${String(values.dataDir)}-secrets`,
  } as Config // every name was read above, or may be absent by its type
  const contradictions = findContradictions(config, chosen)
  return contradictions.length > 0 ? { ok: false, mistakes: contradictions } : { ok: true, config }
}

function wrongValue(setting: string, origin: string, raw: unknown, fix: string): ConfigMistake {
  return { setting, origin, value: showValue(raw), fix }
}

function unknownSetting({ name, raw, origin }: GivenSetting): ConfigMistake {
  const isVariable = origin.startsWith('variable')
  const known = CONFIG_NAMES.map((one) => (isVariable ? variableName(one) : one))
  const near = known.find((one) => distance(one.toLowerCase(), name.toLowerCase()) <= 2)
  const fix = near
    ? `there is no such setting; did you mean ${near}?`
    : 'there is no such setting: take it out (docs/configuration.md lists all)'
  return wrongValue(name, origin, raw, fix)
}

/** Settings that are fine alone and not together. */
function findContradictions(
  config: Config,
  chosen: ReadonlyMap<ConfigName, GivenSetting>,
): ConfigMistake[] {
  const found: ConfigMistake[] = []
  const wrong = (name: ConfigName, fix: string): void => {
    const { raw, origin } = chosen.get(name) ?? { raw: config[name], origin: 'default' }
    found.push({
      setting: name,
      origin,
      value: raw === undefined ? undefined : showValue(raw),
      fix,
    })
  }

  if (isInside(config.secretsDir, config.dataDir)) {
    wrong('secretsDir', 'choose a directory outside the data directory')
  }
  if (config['tls.certFile'] !== undefined && config['tls.keyFile'] === undefined) {
    wrong('tls.keyFile', 'name the private key of tls.certFile too')
  }
  if (config['tls.keyFile'] !== undefined && config['tls.certFile'] === undefined) {
    wrong('tls.certFile', 'name the certificate of tls.keyFile too')
  }
  if (config['tls.allowPlaintextOnLoopback'] && !isLoopback(config.listen)) {
    wrong('tls.allowPlaintextOnLoopback', 'listen on 127.0.0.1 or ::1, or leave TLS on')
  }
  const { 'tokens.lifetimeDefault': lifetime, 'tokens.lifetimeMax': lifetimeMax } = config
  if (lifetimeMax !== undefined && (lifetime === undefined || lifetime > lifetimeMax)) {
    wrong('tokens.lifetimeDefault', 'give a default that is no longer than tokens.lifetimeMax')
  }
  const ports = ['pg.port', 'https.port', 'grpc.port'] as const
  for (const [at, name] of ports.entries()) {
    const twin = ports.slice(0, at).find((other) => config[other] === config[name])
    if (twin && config[name] !== 0) wrong(name, `choose another port than that of ${twin}`)
  }
  return found
}

/** Loopback addresses of both families, as `listen` may be given. */
export function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? address.startsWith('127.') : address === '::1'
}

function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner)
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative))
}

/** Edits (insert, delete, replace) from one word to another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1]
    for (const [j, other] of b.split('').entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
