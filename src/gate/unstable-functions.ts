/**
 * The functions that give another result when they are called again: of chance and of the clock.
 *
 * `alter.test.ts` holds the list against what the engine says of its functions.
 */
import { wordSet } from '../sql/word-set.ts'

/** `age` reads the clock where it has one argument. */
export const UNSTABLE_FUNCTIONS = wordSet(`
  age ago current_date current_localtime current_localtimestamp current_time current_timestamp
  gen_random_uuid get_current_time get_current_timestamp localtime localtimestamp now random today
  transaction_timestamp uuid uuidv4 uuidv7
`)
