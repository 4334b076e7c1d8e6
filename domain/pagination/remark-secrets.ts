import { joinText, secretText, type SecretText } from '../playbook/template/secret-text'

/** Text from an API with every known secret in it turned back into a marker, so that an echoed key isn't stored with the next URL. */
export function remarkSecrets(text: string, secrets: ReadonlyMap<string, string>): string | SecretText {
  const forms = [...secrets].flatMap(([name, value]) =>
    value.length < 4 ? [] : spellings(value).map((form) => ({ name, form })),
  )
  forms.sort((one, other) => other.form.length - one.form.length)
  return joinText(split([text], forms))
}

/** How a URL may have it: as it is, percent-encoded (with the quotes that URLs encode and encodeURIComponent does not), as in a form. */
function spellings(value: string): string[] {
  if (/^[\w.-]*$/.test(value)) return [value]
  const encoded = encodeURIComponent(value.toWellFormed())
  const form = new URLSearchParams([['', value]]).toString().slice(1)
  return [...new Set([value, encoded, encoded.replaceAll("'", '%27'), form])]
}

function split(
  parts: readonly (string | SecretText)[],
  forms: readonly { name: string; form: string }[],
): (string | SecretText)[] {
  return forms.reduce<(string | SecretText)[]>(
    (all, { name, form }) => all.flatMap((part) => (typeof part === 'string' ? splitAt(part, name, form) : [part])),
    [...parts],
  )
}

function splitAt(text: string, name: string, form: string): (string | SecretText)[] {
  if (!text.includes(form)) return [text]
  return text.split(form).flatMap((piece, index) => (index === 0 ? [piece] : [secretText(name), piece]))
}
