const LONE_SURROGATES = /\p{Surrogate}/gu

/** JSON text fit for a `json` column, otherwise letter by letter as it came: half a surrogate pair becomes its escape. */
export function toJson(text: string): string {
  if (text.isWellFormed()) return text
  return text.replace(LONE_SURROGATES, (half) => `\\u${half.charCodeAt(0).toString(16)}`)
}

/** Any text as a JSON string, for a body that the server's `json` refuses (nested too deep): nothing of it is lost. */
export const asJsonString = (text: string): string => toJson(JSON.stringify(text))
