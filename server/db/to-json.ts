const LONE_SURROGATES = /\p{Surrogate}/gu

/** JSON text fit for the database, otherwise letter by letter as it came: half a surrogate pair becomes its escape. */
export function toJson(text: string): string {
  if (text.isWellFormed()) return text
  return text.replace(LONE_SURROGATES, (half) => `\\u${half.charCodeAt(0).toString(16)}`)
}
