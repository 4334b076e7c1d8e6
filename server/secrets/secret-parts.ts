/** A text of an object whose key says nothing may be any word; shorter ones would blacken the data. */
const MIN_TEXT = 8
const MIN_SECRET = 4

const SECRET_KEY = /secret|pass|token|key|(?<![a-z])pin(?![a-z])|credential|auth|value|cookie|session|signature/i
/** Where, who and how: what others are told in the open. */
const PUBLIC_KEY =
  /(?:^|_)(?:type|ur[il]|host|hostname|port|user|username|login|name|in|scope|audience|method|accept|content-type|region|(?:client|project|account|tenant)_id)$/i

/**
 * A secret and the secrets inside of it: an API that was given a JSON object (a service account, a stored credential)
 * may say its parts by themselves.
 */
export const secretParts = (value: string): string[] => [...new Set([value, ...textsOf(parsedObject(value), '')])]

function textsOf(value: unknown, key: string): string[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, member]) => textsOf(member, Array.isArray(value) ? key : name))
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = String(value)
  if (PUBLIC_KEY.test(key)) return []
  if (SECRET_KEY.test(key)) return text.length < MIN_SECRET ? [] : [text]
  return typeof value === 'string' && text.length >= MIN_TEXT ? [text] : []
}

function parsedObject(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
