/** The same names in the same order, each one only once: the second of two alike is `name_2`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  for (const name of names) {
    let unique = name
    for (let n = 2; taken.has(unique); n++) unique = `${name}_${n}`
    taken.add(unique)
  }
  return [...taken]
}
