/** Hash of a parsed JSON value as 32 hex digits: two values that differ get the same one about once in 10^19 pairs. Not cryptographic. */
export function hashJson(value: unknown): string {
  const lanes = newLanes()
  mixValue(lanes, value)
  return finish(lanes)
}

const newLanes = (): Int32Array => Int32Array.of(1779033703, -1150833019, 1013904242, -1521486534)
const double = new Float64Array(1)
const doubleWords = new Int32Array(double.buffer)

function mixValue(lanes: Int32Array, value: unknown): void {
  switch (typeof value) {
    case 'string':
      mixWord(lanes, 1)
      return mixText(lanes, value)
    case 'number':
      double[0] = value
      mixWord(lanes, 2)
      mixWord(lanes, doubleWords[0] ?? 0)
      return mixWord(lanes, doubleWords[1] ?? 0)
    case 'bigint':
      mixWord(lanes, 3)
      return mixText(lanes, String(value))
    case 'boolean':
      return mixWord(lanes, value ? 4 : 5)
    case 'object':
      return mixObject(lanes, value)
    default:
      return mixWord(lanes, 6)
  }
}

function mixObject(lanes: Int32Array, value: object | null): void {
  if (value === null) return mixWord(lanes, 7)
  if (Array.isArray(value)) {
    mixWord(lanes, 8)
    for (const item of value) mixValue(lanes, item)
    return mixWord(lanes, 9)
  }
  mixWord(lanes, 10)
  for (const key of Object.keys(value)) {
    mixText(lanes, key)
    mixValue(lanes, Reflect.get(value, key))
  }
  mixWord(lanes, 11)
}

/** The loop of `mixWord` with the lanes in variables: most of a page is text. */
function mixText(lanes: Int32Array, text: string): void {
  const { length } = text
  mixWord(lanes, length)
  let [a = 0, b = 0, c = 0, d = 0] = lanes
  for (let i = 0; i < length; i += 2) {
    const word = i + 1 < length ? text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16) : text.charCodeAt(i)
    const mixed = b ^ Math.imul(a ^ word, 597399067)
    b = c ^ Math.imul(b ^ word, 2869860233)
    c = d ^ Math.imul(c ^ word, 951274213)
    d = mixed ^ Math.imul(d ^ word, 2716044179)
    a = mixed
  }
  lanes[0] = a
  lanes[1] = b
  lanes[2] = c
  lanes[3] = d
}

/** The round of cyrb128: for a given word it can be undone, so no two states ever fall into one. */
function mixWord(lanes: Int32Array, word: number): void {
  const a = lanes[0] ?? 0
  const b = lanes[1] ?? 0
  const c = lanes[2] ?? 0
  const d = lanes[3] ?? 0
  const mixed = b ^ Math.imul(a ^ word, 597399067)
  lanes[0] = mixed
  lanes[1] = c ^ Math.imul(b ^ word, 2869860233)
  lanes[2] = d ^ Math.imul(c ^ word, 951274213)
  lanes[3] = mixed ^ Math.imul(d ^ word, 2716044179)
}

function finish(lanes: Int32Array): string {
  for (let round = 0; round < 8; round++) mixWord(lanes, 0x5bd1e995 + round)
  let hex = ''
  for (const lane of lanes) hex += avalanche(lane).toString(16).padStart(8, '0')
  return hex
}

function avalanche(lane: number): number {
  let h = lane
  h = Math.imul(h ^ (h >>> 16), -0x7a143595)
  h = Math.imul(h ^ (h >>> 13), -0x3d4d51cb)
  return (h ^ (h >>> 16)) >>> 0
}
