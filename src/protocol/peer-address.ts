/** @param address Of a socket; an IPv4 peer of a dual-stack socket is taken for what it is. */
export function peerAddress(address: string | undefined): string {
  return (address ?? 'unknown').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
