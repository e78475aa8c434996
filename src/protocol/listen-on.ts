/** What a door's server does before its first connection: it gets its address. */
import type { AddressInfo, Server } from 'node:net'

/** @returns the port. @throws Error of the system when the address cannot be had. */
export async function listenOn(
  server: Server,
  address: { readonly host: string; readonly port: number },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}
