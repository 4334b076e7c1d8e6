'use client'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { codeFolding, foldGutter } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { editorLook } from './editor-look'
import { templateMarks } from './template-marks'

type Props = { text: string; language: 'json' | 'yaml' | 'text'; label: string }

/** A text to read and search. It is never interpreted, whatever it says. */
export function ReadOnlyCode({ text, language, label }: Props) {
  const holder = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (holder.current === null) return
    const view = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          codeFolding(),
          foldGutter(),
          search({ top: true }),
          highlightSelectionMatches(),
          keymap.of(searchKeymap),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.lineWrapping,
          LANGUAGES[language](),
          editorLook,
        ],
      }),
    })
    return () => view.destroy()
  }, [text, language, label])
  return <div ref={holder} className="h-full min-h-0" />
}

const LANGUAGES = { json, yaml: () => [yaml(), templateMarks], text: () => [] }
