/**
 * Conversations of the PostgreSQL protocol, as text, played against the door.
 *
 * A line `> …` is sent, a line `< …` is expected, in order; `#` begins a comment, and a `*` at the
 * end of an expected line stands for anything. A conversation begins after a login, unless its
 * first line is `@unauthenticated`. Between conversations in one file stands a line `---`.
 *
 * The same files play against a real PostgreSQL 15, so that our belief is tested too:
 *   PGWIRE_TRANSCRIPTS_PEER=127.0.0.1:5432:user vitest run --project contracts test/transcripts
 * (trust authentication, plain text). `@ours` marks a conversation that is ours alone.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PgWireClient } from '../fixtures/pgwire-client.ts'
import { CLIENT, TOKEN, openTestDoor } from '../fixtures/pgwire-door.ts'
import type { TestDoor } from '../fixtures/pgwire-door.ts'

const FOLDER = new URL('./pgwire/', import.meta.url)
const PEER = process.env['PGWIRE_TRANSCRIPTS_PEER']

interface Conversation {
  readonly name: string
  readonly lines: readonly string[]
  readonly marks: ReadonlySet<string>
}

function readConversations(file: string): Conversation[] {
  return readFileSync(new URL(file, FOLDER), 'utf8')
    .split(/^---\n/m)
    .map((part) => {
      const lines = part.split('\n').filter((line) => line !== '')
      const comment = lines.find((line) => line.startsWith('#')) ?? '# unnamed'
      return {
        name: comment.slice(2),
        lines: lines.filter((line) => line.startsWith('>') || line.startsWith('<')),
        marks: new Set(lines.filter((line) => line.startsWith('@'))),
      }
    })
}

let door: TestDoor | undefined

beforeAll(async () => {
  if (PEER === undefined) door = await openTestDoor()
})

afterAll(async () => {
  await door?.close()
})

async function open({ marks }: Conversation): Promise<PgWireClient> {
  const [host = '127.0.0.1', port = String(door?.port), user = CLIENT] = PEER?.split(':') ?? []
  const options = { host, port: Number(port) }
  if (marks.has('@unauthenticated')) return await PgWireClient.connect(options)
  return await PgWireClient.logIn(options, TOKEN, {
    user,
    database: PEER === undefined ? 'master' : 'postgres',
  })
}

/** What came, in the place of what was expected where the one fits the other. */
async function play(client: PgWireClient, lines: readonly string[]): Promise<string[]> {
  const seen: string[] = []
  for (const line of lines) {
    if (line.startsWith('> ')) {
      client.send(line.slice(2))
      seen.push(line)
      continue
    }
    const came = `< ${await client.line()}`
    const fits = line.endsWith('*') ? came.startsWith(line.slice(0, -1)) : came === line
    seen.push(fits ? line : came)
    if (came === '< Closed' && !fits) break
  }
  return seen
}

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'))

test('there are transcripts', () => {
  expect(files.length).toBeGreaterThan(3)
})

describe.each(files)('%s', (file) => {
  const conversations = readConversations(file)
  for (const conversation of conversations) {
    const skip = PEER !== undefined && conversation.marks.has('@ours')
    test.skipIf(skip)(`${conversation.name}`, async () => {
      const client = await open(conversation)
      try {
        expect(await play(client, conversation.lines)).toEqual(conversation.lines)
      } finally {
        client.close()
      }
    })
  }
})
