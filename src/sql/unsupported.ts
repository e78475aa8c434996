/** Statements that are known by name, but not offered. */
import type { StatementBody } from './statement.ts'
import type { Token } from './token.ts'

export function unsupported(name: string): StatementBody {
  return { kind: 'unsupported', name }
}

/** Named by its first words, at most `words` of them: a name that the client chose is never part. */
export function unsupportedHead(tokens: readonly Token[], words: number): StatementBody {
  const head: string[] = []
  for (const { kind, value } of tokens.slice(0, words)) {
    if (kind !== 'word') break
    head.push(value.toUpperCase())
  }
  return unsupported(head.join(' '))
}
