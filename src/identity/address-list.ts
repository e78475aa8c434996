/**
 * Address allow-lists of clients: single addresses and CIDR blocks, IPv4 and IPv6.
 *
 * An IPv4 peer on a dual-stack socket appears as `::ffff:a.b.c.d`; it is taken for what it is.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import { GatewayError } from '../base/gateway-error.ts'

const ENTRIES_MAX = 100

/** @throws GatewayError `invalid_parameter_value` naming the entry that is neither. */
export function parseAddressList(entries: readonly string[]): BlockList {
  if (entries.length > ENTRIES_MAX) {
    throw new GatewayError(
      'invalid_parameter_value',
      `the address list has more than ${ENTRIES_MAX} entries`,
      {
        field: 'allowedAddresses',
        hint: 'Use CIDR blocks.',
      },
    )
  }
  const list = new BlockList()
  for (const entry of entries) addEntry(list, entry)
  return list
}

/** Whether `address` is on the list. What is not an address is on none. */
export function isListed(list: BlockList, address: string): boolean {
  const plain = plainAddress(address)
  const version = isIP(plain)
  return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
}

/** Without the IPv4-in-IPv6 wrapping and the zone of a link-local address. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  return mapped !== undefined && isIPv4(mapped) ? mapped : bare
}

function addEntry(list: BlockList, entry: string): void {
  const [text = '', length, ...rest] = entry.split('/')
  const address = plainAddress(text)
  const version = isIP(address)
  if (version === 0 || rest.length > 0 || text.includes('%')) throw notAnAddress(entry)
  const family = version === 4 ? 'ipv4' : 'ipv6'
  if (length === undefined) {
    list.addAddress(address, family)
    return
  }
  const bits = /^\d{1,3}$/.test(length) ? Number(length) - (address === text ? 0 : 96) : -1
  if (bits < 0 || bits > (version === 4 ? 32 : 128)) throw notAnAddress(entry)
  list.addSubnet(address, bits, family)
}

function notAnAddress(entry: string): GatewayError {
  return new GatewayError(
    'invalid_parameter_value',
    `"${entry.slice(0, 63)}" is neither an address nor a CIDR block`,
    {
      field: 'allowedAddresses',
      hint: 'Write for example 10.1.2.3, 10.1.0.0/16 or 2001:db8::/32.',
    },
  )
}
