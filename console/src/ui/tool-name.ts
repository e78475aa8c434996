/** Names of tools: what they say of themselves, which some do not. */

/** What the gateway writes for a tool that gave no name. */
const NO_NAME = 'unknown'

/** Undefined for a tool without a name. */
export function givenName(tool: string | undefined): string | undefined {
  return tool === '' || tool === NO_NAME ? undefined : tool
}

/** For a sentence: `as psql`, `as an unnamed tool`. */
export function toolName(tool: string | undefined): string {
  return givenName(tool) ?? 'an unnamed tool'
}
