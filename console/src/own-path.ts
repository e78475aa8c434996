/** Whether an address leads nowhere but to a page of this console: one slash at its beginning, not two. */
export function isOwnPath(address: unknown): address is string {
  return typeof address === 'string' && /^\/(?![/\\])/.test(address)
}
