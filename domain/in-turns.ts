/** The value of work that yields where others should have their turn, which `pause` gives them. */
export async function inTurns<Value>(work: Generator<undefined, Value>, pause: () => Promise<unknown>): Promise<Value> {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    await pause()
  }
}

/** The value of such work without a pause. */
export function atOnce<Value>(work: Generator<undefined, Value>): Value {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}
