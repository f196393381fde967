import { completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { editorTheme, highlightStyle } from './editor-theme.ts'
import styles from './hunt-page.module.css'
import { type HuntLanguage, languageSupport } from './language-support.ts'
import { pastQueries, stepBack } from './query-history.ts'
import { type AskedBounds, serverLanguage } from './server-language.ts'

/** A place in the text that is wrong. */
export interface EditorFault {
  /** Both from 1. */
  readonly line: number
  readonly column: number
  readonly message: string
}

interface QueryEditorProps {
  readonly label: string
  readonly hint: string
  readonly language: HuntLanguage
  readonly text: string
  readonly fault: EditorFault | undefined
  /** Where values for completion are looked for. */
  readonly bounds: AskedBounds
  readonly onChange: (text: string) => void
  readonly onRun: () => void
}

/**
 * What is typed over a selection is put in here: left to itself, Chromium gives it the looks of what was selected as an
 * inline style, which the Content-Security-Policy refuses with an error in the console.
 */
const typedOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event
    if (inputType !== 'insertText' || data === null || view.composing || view.state.selection.main.empty) return false
    event.preventDefault()
    view.dispatch({ ...view.state.replaceSelection(data), userEvent: 'input.type', scrollIntoView: true })
    return true
  },
})

/**
 * The query editor. It lives in a shadow root: there the editor's styles are adopted style sheets, which the
 * Content-Security-Policy lets through; as style elements of the page it would not.
 */
export function QueryEditor({ label, hint, language, text, fault, bounds, onChange, onRun }: QueryEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const parts = useRef({ language: new Compartment() })
  // The newest functions, without making the editor anew.
  const acts = useRef({ onChange, onRun, bounds, language })
  acts.current = { onChange, onRun, bounds, language }
  const marked = useRef(false)
  // Texts the page was told of and has not shown to have taken yet.
  const told = useRef(new Set<string>())
  const support = (lang: HuntLanguage) => [languageSupport(lang), serverLanguage(lang, () => acts.current.bounds)]

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes comes in by the effects below.
  useEffect(() => {
    if (host.current === null) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    // How many steps back the text was taken from, and what was typed before that.
    let walked = { at: 0, draft: '' }
    const walk = (by: 1 | -1) => (target: EditorView) => {
      const shown = target.state.doc.toString()
      const draft = walked.at === 0 ? shown : walked.draft
      const next = stepBack(pastQueries(), acts.current.language, { at: walked.at + by, draft })
      if (next === undefined) return true
      walked = { at: walked.at + by, draft }
      target.dispatch({ changes: { from: 0, to: shown.length, insert: next }, selection: { anchor: next.length } })
      return true
    }
    const run = () => {
      walked = { at: 0, draft: '' }
      acts.current.onRun()
      return true
    }
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          keymap.of([
            { key: 'Mod-Enter', run },
            { key: 'Shift-Enter', run },
            { key: 'Alt-ArrowUp', run: walk(1) },
            { key: 'Alt-ArrowDown', run: walk(-1) },
          ]),
          history(),
          bracketMatching(),
          lintGutter(),
          // Tab leaves the editor, as everywhere on the page, until something was typed with it.
          keymap.of([
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            { key: 'Alt-Tab', run: indentWithTab.run ?? (() => false) },
          ]),
          EditorView.lineWrapping,
          typedOverSelection,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          placeholder(hint),
          syntaxHighlighting(highlightStyle),
          editorTheme,
          parts.current.language.of(support(language)),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return
            const typed = update.state.doc.toString()
            told.current.add(typed)
            acts.current.onChange(typed)
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a language's support is made anew for another language alone.
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(support(language)) })
  }, [language])

  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    const shown = editor.state.doc.toString()
    if (shown === text) told.current.clear()
    // What was typed comes back a moment later; meanwhile more may have been typed, which an older text must not undo.
    if (shown === text || told.current.has(text)) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    const { doc } = editor.state
    if (fault === undefined || fault.line > doc.lines) {
      // What was marked by a run goes with it; what the server found while somebody typed stays.
      if (marked.current) editor.dispatch(setDiagnostics(editor.state, []))
      marked.current = false
      return
    }
    marked.current = true
    const line = doc.line(fault.line)
    const from = Math.min(line.to, line.from + fault.column - 1)
    const word = /^\w+/.exec(doc.sliceString(from, line.to))?.[0].length ?? 1
    const found = { from, to: Math.min(doc.length, from + word), severity: 'error' as const, message: fault.message }
    editor.dispatch(setDiagnostics(editor.state, [found]))
  }, [fault])

  return <div ref={host} className={styles.editor} />
}
