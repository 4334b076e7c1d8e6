'use client'
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, setDiagnostics, type Diagnostic as Mark } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { JsonObject } from '@/domain/json'
import type { Diagnostic } from '@/domain/playbook/diagnostic'
import { editorLook } from './editor-look'
import { playbookCompletion } from './playbook-completion'
import { playbookHover } from './playbook-hover'
import { templateMarks } from './template-marks'

type Props = {
  initialText: string
  schema: JsonObject
  diagnostics: readonly Diagnostic[]
  /** Gets the editor once it is there, so that others can move its cursor. */
  onReady: (view: EditorView | null) => void
  onChange: (text: string) => void
  onRun: () => void
  onSave: () => void
  onTest: () => void
}

/** The text of a playbook: the one state there is; forms and checks read from it. */
export function PlaybookEditor({ initialText, schema, diagnostics, onReady, onChange, onRun, onSave, onTest }: Props) {
  const holder = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const calls = useRef({ onChange, onRun, onSave, onTest })
  useEffect(() => {
    calls.current = { onChange, onRun, onSave, onTest }
  })
  useEffect(() => {
    if (holder.current === null) return
    const editor = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: initialText,
        extensions: [
          keymap.of([
            { key: 'Mod-Enter', run: () => (calls.current.onRun(), true) },
            { key: 'Mod-Shift-Enter', run: () => (calls.current.onTest(), true) },
            { key: 'Mod-s', preventDefault: true, run: () => (calls.current.onSave(), true) },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
          basics,
          autocompletion({ override: [playbookCompletion(schema)], icons: false }),
          hoverTooltip(playbookHover(schema)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) calls.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    onReady(editor)
    return () => {
      view.current = null
      onReady(null)
      editor.destroy()
    }
  }, [initialText, schema, onReady])
  useEffect(() => {
    const editor = view.current
    if (editor !== null)
      editor.dispatch(
        setDiagnostics(
          editor.state,
          diagnostics.map((one) => markOf(one, editor.state.doc.length)),
        ),
      )
  }, [diagnostics])
  return <div ref={holder} className="h-full min-h-0" />
}

const basics = [
  lineNumbers(),
  lintGutter(),
  codeFolding(),
  foldGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  yaml(),
  templateMarks,
  EditorView.contentAttributes.of({ 'aria-label': 'Playbook, YAML', tabindex: '0' }),
  editorLook,
]

function markOf({ severity, message, hint, from, to }: Diagnostic, length: number): Mark {
  const start = Math.min(from, length)
  return {
    from: start,
    to: Math.min(Math.max(to, start + 1), length),
    severity,
    message: hint === null ? message : `${message}\n${hint}`,
  }
}
