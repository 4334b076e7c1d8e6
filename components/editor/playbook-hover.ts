import type { EditorView, Tooltip } from '@codemirror/view'
import type { JsonObject } from '@/domain/json'
import { describeAt } from './schema-walk'
import { yamlPlace } from './yaml-place'

/** What the language says of a key, shown over it. */
export function playbookHover(schema: JsonObject) {
  return (view: EditorView, offset: number): Tooltip | null => {
    const line = view.state.doc.lineAt(offset)
    const found = /^[\s-]*([\w-]+):/.exec(line.text)
    const key = found?.[1]
    if (key === undefined || found === null) return null
    const end = line.from + found[0].length - 1
    const start = end - key.length
    if (offset < start || offset > end) return null
    const place = yamlPlace(view.state.doc.toString(), end)
    const text = place === null ? null : describeAt(schema, [...place.path, key])
    if (text === null) return null
    return { pos: start, end, above: true, create: () => ({ dom: tooltipOf(key, text) }) }
  }
}

function tooltipOf(key: string, text: string): HTMLElement {
  const box = document.createElement('div')
  const name = document.createElement('code')
  name.textContent = key
  name.style.fontFamily = 'var(--font-mono)'
  const words = document.createElement('div')
  words.textContent = text
  box.append(name, words)
  return box
}
