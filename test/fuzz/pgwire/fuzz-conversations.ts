/** Conversation after conversation, until so many messages were read; stops at the first failure. */
import { describeConversation, shrink } from './shrink.ts'
import { makeConversation } from './conversation.ts'
import type { Conversation, ConversationOptions } from './conversation.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import type { Verdict } from './judge.ts'

export interface FuzzOptions extends ConversationOptions {
  readonly world: FuzzWorld
  readonly seed: number
  readonly messages: number
  /** The first conversation; those before it are left out. */
  readonly from?: number
  /** Conversations at the same time. */
  readonly lanes?: number
  readonly talk: (conversation: Conversation) => Promise<Verdict>
  readonly onProgress?: (totals: FuzzTotals) => void
}

export interface FuzzTotals {
  /** Whole messages that the door has read. */
  messages: number
  conversations: number
  sessions: number
  /** Unmutated conversations, and those of them in which every single answer was known before. */
  twins: number
  exactTwins: number
}

/** A conversation that went wrong, cut down. */
export class FuzzFailure extends Error {}

/** @throws FuzzFailure with the seed and the smallest conversation that fails. */
export async function fuzzConversations(options: FuzzOptions): Promise<FuzzTotals> {
  const totals = { messages: 0, conversations: 0, sessions: 0, twins: 0, exactTwins: 0 }
  let index = options.from ?? 0
  let failed = false
  const lane = async (): Promise<void> => {
    while (totals.messages < options.messages && !failed) {
      const conversation = makeConversation(options.world, options.seed, index++, options)
      let verdict: Verdict
      try {
        verdict = await options.talk(conversation)
      } catch (error) {
        if (failed) return
        failed = true // the other lanes stop
        throw await failureOf(conversation, error, options.talk)
      }
      totals.messages += verdict.messages
      totals.conversations += 1
      if (verdict.loggedIn) totals.sessions += 1
      if (conversation.kind === 'twin') totals.twins += 1
      if (conversation.kind === 'twin' && verdict.exact) totals.exactTwins += 1
      if (totals.conversations % 1000 === 0) options.onProgress?.(totals)
    }
  }
  await Promise.all(Array.from({ length: options.lanes ?? 1 }, lane))
  return totals
}

async function failureOf(
  conversation: Conversation,
  error: unknown,
  talk: FuzzOptions['talk'],
): Promise<FuzzFailure> {
  // the same failure, whatever the numbers in it: a smaller conversation may fail in another way
  const fails = async (candidate: Conversation): Promise<boolean> =>
    await talk(candidate).then(
      () => false,
      (other: unknown) => withoutNumbers(other) === withoutNumbers(error),
    )
  const smallest = await shrink(conversation, fails)
  return new FuzzFailure(`${String(error)}\n${describeConversation(smallest)}`, { cause: error })
}

function withoutNumbers(error: unknown): string {
  return String(error).replaceAll(/\d+/g, '')
}
