/** Shorter stretches of base64 turn up by chance in text that has nothing to do with the secret. */
const MIN_BASE64 = 6
const MIN_HEX = 8
/** Lines of a secret (a private key) that are masked by themselves when something wraps or cuts it. */
const MIN_LINE = 16

/** Every way a value may be written in what is stored or sent (security.md), in lower case, the longest first. */
export function secretForms(value: string): string[] {
  const trimmed = value.trim()
  const lines = value.split(/\r?\n/).map((line) => line.trim())
  const texts = [value, trimmed, ...lines.filter((line) => lines.length > 1 && line.length >= MIN_LINE)]
  const forms = new Set(texts.filter((text) => text !== '').flatMap(formsOf))
  return [...forms].map((form) => form.toLowerCase()).toSorted((a, b) => b.length - a.length)
}

function formsOf(text: string): string[] {
  const json = [...jsonForms(text)].flatMap((form) => [form, ...jsonForms(form)])
  // RFC 6749, 2.3.1: a client's secret is encoded before its login is.
  const inLogin = formText(text) === text ? [] : base64Forms(formText(text))
  return [text, ...urlForms(text), ...json, ...htmlForms(text), ...hexForms(text), ...base64Forms(text), ...inLogin]
}

function urlForms(text: string): string[] {
  const wellFormed = Buffer.from(text).toString()
  const component = encodeURIComponent(wellFormed)
  const strict = component.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
  const form = formText(text)
  return [component, strict, form, encodeURI(wellFormed), encodeURIComponent(component), encodeURIComponent(form)]
}

const formText = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)

/** As JavaScript, PHP (`\/`) and Python (nothing but ASCII) write it. */
function jsonForms(text: string): Set<string> {
  const plain = JSON.stringify(text).slice(1, -1)
  const ascii = plain.replaceAll(
    /[^\0-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return new Set([plain, ascii, plain.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')])
}

const HTML_NAMES: readonly Readonly<Record<string, string>>[] = [
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&apos;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;', '/': '&#x2f;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;' },
  { '&': '\\u0026', '<': '\\u003c', '>': '\\u003e' },
]

const htmlForms = (text: string): string[] =>
  HTML_NAMES.map((names) => text.replaceAll(/[&<>"'/]/g, (character) => names[character] ?? character))

function hexForms(text: string): string[] {
  const hex = Buffer.from(text).toString('hex')
  return hex.length < MIN_HEX ? [] : [hex]
}

/** The characters that depend on nothing but the value, wherever in a group of three bytes it begins. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const core = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    if (core.length < MIN_BASE64) return []
    return [core, core.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(core)]
  })
}
