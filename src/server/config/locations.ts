/** The directories of `locations`, looked at: for the start of a gateway, which is to read them. */
import { realpathSync, statSync } from 'node:fs'
import type { Config } from './config-keys.ts'
import type { ConfigMistake } from './config-source.ts'
import { isInside } from './path-inside.ts'
import type { NamedDirectory } from './value-readers.ts'

/** The directory of the sample files; no configuration can give the name to another. */
export const SAMPLES_LOCATION = 'samples'

/** As realpaths. @throws of the file system for one that is not there (`locationMistakes` says so before). */
export function realLocations({ locations }: Pick<Config, 'locations'>): NamedDirectory[] {
  return locations.map(({ name, directory }) => ({ name, directory: realpathSync(directory) }))
}

/** All that is wrong with them, each with its fix. */
export function locationMistakes(
  { locations, dataDir, secretsDir }: Pick<Config, 'locations' | 'dataDir' | 'secretsDir'>,
  origin: string,
): ConfigMistake[] {
  const found: (NamedDirectory & { readonly real: string })[] = []
  const mistakes: ConfigMistake[] = []
  for (const one of locations) {
    const { name, directory } = one
    const real = realDirectory(directory)
    const fix =
      name === SAMPLES_LOCATION
        ? 'choose another name: samples is the directory of the sample files'
        : real === undefined
          ? 'give a directory that exists, and that this user may read'
          : placeMistake(real, { dataDir, secretsDir }, found)
    if (fix !== undefined) {
      mistakes.push({ setting: `locations.${name}`, origin, value: directory, fix })
    } else if (real !== undefined) found.push({ ...one, real })
  }
  return mistakes
}

function realDirectory(directory: string): string | undefined {
  try {
    const real = realpathSync(directory)
    return statSync(real).isDirectory() ? real : undefined
  } catch {
    return undefined
  }
}

function placeMistake(
  real: string,
  { dataDir, secretsDir }: Pick<Config, 'dataDir' | 'secretsDir'>,
  others: readonly { readonly name: string; readonly real: string }[],
): string | undefined {
  for (const [what, directory] of [
    ['data directory', dataDir],
    ['directory of the keys', secretsDir],
  ] as const) {
    const place = realDirectory(directory) ?? directory
    if (overlap(real, place))
      return `choose a directory that is not inside the ${what}, nor around it`
  }
  const other = others.find((one) => overlap(one.real, real))
  return other && `choose a directory that is not inside location ${other.name}, nor around it`
}

function overlap(one: string, other: string): boolean {
  return isInside(one, other) || isInside(other, one)
}
