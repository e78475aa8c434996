/** Everything a person needs to connect a tool as a client, ready to copy. */
import { commandLineSnippets } from './command-line-snippets.ts'
import type { ConnectionTarget } from './connection-target.ts'
import { driverSnippets } from './driver-snippets.ts'
import type { Snippet } from './snippet.ts'
import { toolSnippets } from './tool-snippets.ts'

export function connectKit(target: ConnectionTarget): Snippet[] {
  return [...commandLineSnippets(target), ...driverSnippets(target), ...toolSnippets(target)]
}
