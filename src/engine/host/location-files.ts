/**
 * From a path inside a location to the files that it stands for, as realpaths.
 *
 * Every step is looked at where it really leads: a link out of the location, whether it is the file,
 * a directory on the way or the location itself, leads to nothing that is read. What is left is the
 * time between this look and the engine's opening of the file (docs/security.md).
 */
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import type { WireFileSource } from '../wire/request.ts'

/** Of one foreign table. */
const FILES_MAX = 10_000

/** Names that are looked at for one pattern, in all directories together. */
const NAMES_MAX = 200_000

/**
 * In the order of their names.
 *
 * @throws GatewayError `undefined_object`, the same for a file that is missing, for a pattern that
 *         nothing fits, and for a link that leads out of the location; `program_limit`.
 */
export function filesOf({ directory, path }: WireFileSource): string[] {
  const lost = (): GatewayError => noFile(join(directory, path))
  let places = [directory]
  let names = 0
  const parts = path.split('/')
  for (const part of parts) {
    const isPattern = /[*?]/.test(part)
    const fits = patternOf(part)
    places = places.flatMap((place) => {
      if (!isPattern) return [join(place, part)]
      const found = namesIn(place, directory)
      names += found.length
      if (names > NAMES_MAX) throw tooMany('names to look at', NAMES_MAX)
      return found.filter((name) => fits.test(name)).map((name) => join(place, name))
    })
  }
  if (places.length > FILES_MAX) throw tooMany('files', FILES_MAX)
  const isList = parts.some((part) => /[*?]/.test(part))
  const files = places.flatMap((place) => fileAt(place, directory, isList, lost) ?? [])
  if (files.length === 0) throw lost()
  return files.toSorted((one, other) => (one < other ? -1 : 1))
}

/** `*` and `?` stand for no `/`, and for no dot in front: hidden files are meant to be left alone. */
function patternOf(part: string): RegExp {
  const body = part
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${body}$`, 'su')
}

/** Empty for what is no directory, or is none of the location's. */
function namesIn(place: string, directory: string): string[] {
  const real = realPlace(place, directory)
  if (real === undefined) return []
  try {
    return readdirSync(real)
  } catch {
    return []
  }
}

/**
 * @param isOneOfMany Of a pattern: directories, and directories without such a file, do not fit.
 * @throws GatewayError for what is no file, or leads out.
 */
function fileAt(
  place: string,
  directory: string,
  isOneOfMany: boolean,
  lost: () => GatewayError,
): string | undefined {
  const real = realPlace(place, directory)
  const found = real === undefined ? undefined : statSync(real, { throwIfNoEntry: false })
  if (found?.isFile()) return real
  const fitsNot = found?.isDirectory() ?? isAbsent(place, directory)
  if (isOneOfMany && fitsNot) return undefined
  throw lost()
}

/** Not even a link is there, in a directory of the location's. */
function isAbsent(place: string, directory: string): boolean {
  if (realPlace(dirname(place), directory) === undefined) return false
  try {
    return lstatSync(place, { throwIfNoEntry: false }) === undefined
  } catch {
    return true // below what is no directory
  }
}

/** Undefined for what is not there, or not inside the location. */
function realPlace(place: string, directory: string): string | undefined {
  try {
    const real = realpathSync(place)
    return real === directory || real.startsWith(`${directory}${sep}`) ? real : undefined
  } catch {
    return undefined
  }
}

/** @param path As it was asked for. */
function noFile(path: string): GatewayError {
  return new GatewayError('undefined_object', 'there is no such file in the location', {
    hint: 'A file is missing, nothing fits the pattern, or a link leads out of the location.',
    place: { path },
  })
}

function tooMany(what: string, most: number): GatewayError {
  return new GatewayError('program_limit', `more than ${most} ${what} in the location`)
}
