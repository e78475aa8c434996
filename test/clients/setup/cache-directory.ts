/**
 * Where the stock clients of the suites are kept between runs: `.cache/clients/` of the clone.
 *
 * An installation is done when its mark says what was asked for; a change of the version, or of
 * whatever else the caller puts in the mark, installs again.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { holdLock } from '../../../scripts/setup/hold-lock.mjs'

const CACHE = fileURLToPath(new URL('../../../.cache/clients/', import.meta.url))

/**
 * The directory of one client, installed by `install` unless it is there already. `install` fills
 * an empty directory; when it throws, nothing of it stays.
 */
export function cachedInstallation(
  name: string,
  mark: string,
  install: (directory: string) => void,
): string {
  const directory = path.join(CACHE, name)
  const markFile = path.join(directory, '.installed')
  if (readIfThere(markFile) === mark) return directory
  mkdirSync(CACHE, { recursive: true })
  const release = holdLock(`${directory}.lock`) // suites run side by side, and want the same clients
  try {
    if (readIfThere(markFile) === mark) return directory
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory)
    install(directory)
    writeFileSync(`${markFile}.new`, mark)
    renameSync(`${markFile}.new`, markFile)
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  } finally {
    release()
  }
  return directory
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
