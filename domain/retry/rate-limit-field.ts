/** What a `RateLimit` field says of one limit; null where it does not say. */
type LimitLeft = { remaining: number | null; resetSeconds: number | null }

/**
 * The limits of a `RateLimit` field: one in each member (`"day";r=40;t=3600, "second";r=0;t=1`), or in its older form
 * one in all of them (`limit=100, remaining=0, reset=9`).
 */
export function readRateLimitField(field: string): LimitLeft[] {
  // What stands in quotes is a name, and may hold anything.
  const members = field.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').split(',')
  const isOlder = members.every((member) => (member.split(';', 1)[0] ?? '').includes('='))
  return (isOlder ? [members.join(';')] : members).map(readLimit)
}

function readLimit(member: string): LimitLeft {
  const values = new Map(member.split(/[;\s]+/).map((pair) => splitPair(pair)))
  const read = (name: string, short: string): number | null => {
    const value = values.get(name) ?? values.get(short) ?? ''
    return /^\d+$/.test(value) ? Number(value) : null
  }
  return { remaining: read('remaining', 'r'), resetSeconds: read('reset', 't') }
}

function splitPair(pair: string): [string, string] {
  const [name = '', value = ''] = pair.split('=', 2)
  return [name.toLowerCase(), value]
}
