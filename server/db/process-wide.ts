const holder: Record<symbol, unknown> = globalThis as never

/** One `T` per process under this name: a bundler may load a module twice, connections must not be opened twice. */
export function processWide<T>(name: string, make: () => T): T {
  const key = Symbol.for(`pageturner.${name}`)
  holder[key] ??= make()
  return holder[key] as T
}

/** Gives back what `processWide` holds under this name, or undefined, and forgets it. */
export function takeProcessWide<T>(name: string): T | undefined {
  const key = Symbol.for(`pageturner.${name}`)
  const held = holder[key] as T | undefined
  delete holder[key]
  return held
}
