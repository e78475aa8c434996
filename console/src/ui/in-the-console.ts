/**
 * The gateway's hints name commands, for whoever reads them in a terminal. Here the same is done in
 * the console: a sentence that names a command is replaced by where that is.
 */
export const CHOOSE_ANOTHER_FOR_JOBS =
  'Choose another client in the column Jobs of the page Access Tokens first.'

/** By what the command line calls it. */
const PLACES: Readonly<Record<string, string>> = {
  'client designate-jobs': CHOOSE_ANOTHER_FOR_JOBS,
  'client list': 'The page Access Tokens shows all clients.',
  'client regenerate':
    'Regenerate it on the page of the client, and copy the new one into the tool.',
  'role create': 'Create a role on the page Roles.',
  'role list': 'The page Roles shows all roles.',
  'user list': 'The page Users shows all users.',
  'user reset-password': 'Make a link to a new password on the page Users.',
}

const SENTENCE = /(?<=^|\. )[^.]*\bbluegate (\w+ [\w-]+)[^.]*\.?/

/** As it stands, where it names no command that is here too. */
export function inTheConsole(hint: string): string {
  return hint.replace(SENTENCE, (sentence, command: string) => PLACES[command] ?? sentence)
}
