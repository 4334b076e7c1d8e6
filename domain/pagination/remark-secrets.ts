import { joinText, secretText, type SecretText } from '../playbook/template/secret-text'

/** Text from an API with every known secret in it turned back into a marker, so that an echoed key isn't stored with the next URL. */
export function remarkSecrets(text: string, secrets: ReadonlyMap<string, string>): string | SecretText {
  const forms = [...secrets].flatMap(([name, value]) =>
    value.length < 4 ? [] : [...new Set([value, encodeURIComponent(value)])].map((form) => ({ name, form })),
  )
  forms.sort((one, other) => other.form.length - one.form.length)
  return joinText(split([text], forms))
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
