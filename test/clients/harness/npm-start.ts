/** A gateway started as a person starts it, `npm start`, and what the terminal then shows. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** What `npm start` runs. */
const START = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url))
const READY_MS_MAX = 120_000

export interface StartedGateway {
  /** All that stands in the terminal. */
  readonly screen: string
  stop(): Promise<void>
}

/** With sample data, on free ports, in temporary directories. Resolves when the link is there. */
export async function npmStart(): Promise<StartedGateway> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-start-'))
  const place = ['--data-dir', path.join(directory, 'data')]
  place.push('--secrets-dir', path.join(directory, 'secrets'))
  const child = spawn(
    process.execPath,
    [START, '--pg-port', '0', '--grpc-port', '0', '--https-port', '0', ...place],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    rmSync(directory, { recursive: true, force: true })
  }
  let screen = ''
  const isReady = new Promise<void>((resolve, reject) => {
    const take = (bytes: Buffer): void => {
      screen += String(bytes)
      if (screen.includes('Ctrl-C stops the gateway')) resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('close', (code) => reject(new Error(`npm start ended with ${code}:\n${screen}`)))
    setTimeout(() => reject(new Error(`not ready in time:\n${screen}`)), READY_MS_MAX).unref()
  })
  try {
    await isReady
  } catch (error) {
    await stop()
    throw error
  }
  return { screen, stop }
}
