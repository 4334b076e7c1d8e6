import { networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import { allowEntry, type AllowList } from './allow-list'
import { canonicalAddress, classifyAddress, isLoopback, isUnspecified } from './address-rule'
import { ConnectFailure } from './connect-failure'

/** Every address of a host name, in the order to try them. */
export type Lookup = (host: string) => Promise<string[]>

/** A port of ours that no playbook may reach, exceptions or not. */
export type OwnEndpoint = { what: string; host: string; port: number }

export type AddressGuard = {
  /** The addresses a connection may be pinned to. Throws a ConnectFailure when one of them is not allowed, or on a failed look-up (`code` of the resolver). */
  resolve(host: string, port: number): Promise<string[]>
  /** Throws a ConnectFailure unless the connected socket's remote address is one of those pinned and allowed. */
  checkRemote(target: {
    host: string
    port: number
    pinned: readonly string[]
    remote: string | undefined
  }): Promise<void>
}

/** The rules of security.md, "The network": the literal and every resolved address are checked, and once more what the socket reached. */
export function createAddressGuard(options: {
  allows: AllowList
  own: readonly OwnEndpoint[]
  lookup: Lookup
}): AddressGuard {
  const { allows, own, lookup } = options

  const check = async (host: string, port: number, address: string): Promise<void> => {
    const kind = classifyAddress(address)
    const place = describe(host, port, address)
    if (kind === 'closed') {
      throw denied(
        `${place} is a link-local, metadata or reserved address: it stays closed, whatever PAGETURNER_ALLOW_HOSTS says`,
      )
    }
    const ours = await ownEndpointAt(address, port)
    if (ours) throw denied(`${place} is Pageturner's own ${ours.what}: playbooks can't reach it`)
    if (kind === 'private' && !allows(host, port)) {
      throw denied(
        `${place} is not a public address. If playbooks may reach it, add ${allowEntry(host, port)} to PAGETURNER_ALLOW_HOSTS`,
      )
    }
  }

  const ownEndpointAt = async (address: string, port: number): Promise<OwnEndpoint | undefined> => {
    for (const endpoint of own) {
      if (endpoint.port !== port) continue
      const addresses = (await addressesOf(endpoint.host, lookup).catch(() => [])).map(canonicalAddress)
      if (addresses.includes(canonicalAddress(address))) return endpoint
      if (isOfThisMachine(address) && addresses.some(isOfThisMachine)) return endpoint
    }
    return undefined
  }

  return {
    async resolve(host, port) {
      const addresses = await addressesOf(host, lookup)
      for (const address of addresses) await check(host, port, address)
      return addresses
    },
    async checkRemote({ host, port, pinned, remote }) {
      if (remote === undefined)
        throw new ConnectFailure('network', 'ECONNRESET', `${host} closed the connection at once`)
      if (!pinned.map(canonicalAddress).includes(canonicalAddress(remote))) {
        throw denied(`the connection to ${host} ended at ${remote}, which is not the address that was checked`)
      }
      await check(host, port, remote)
    },
  }
}

const denied = (message: string) => new ConnectFailure('address_denied', 'ADDRESS_DENIED', message)

const describe = (host: string, port: number, address: string): string =>
  canonicalAddress(host) === canonicalAddress(address)
    ? allowEntry(host, port)
    : `${allowEntry(host, port)} leads to ${address}, which`

async function addressesOf(host: string, lookup: Lookup): Promise<string[]> {
  return isIP(host) === 0 ? lookup(host) : [host]
}

function isOfThisMachine(address: string): boolean {
  if (isLoopback(address) || isUnspecified(address)) return true
  const mine = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return mine.some((entry) => canonicalAddress(entry.address) === canonicalAddress(address))
}
