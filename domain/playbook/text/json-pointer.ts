/** RFC 6901: the pointer one level deeper. */
export const pointerTo = (parent: string, key: string | number): string =>
  `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** RFC 6901: the pointer of a whole path. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((pointer, key) => pointerTo(pointer, String(key)), '')

/** The pointer one level up, null for the root. */
export function parentPointer(pointer: string): string | null {
  const slash = pointer.lastIndexOf('/')
  return slash === -1 ? null : pointer.slice(0, slash)
}
