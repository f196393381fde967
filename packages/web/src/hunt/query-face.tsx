import { useEffect, useState } from 'react'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'
import type { HuntLanguage } from './language-support.ts'
import { type EditorFault, QueryEditor } from './query-editor.tsx'
import { isSimple, readSimpleQuery } from './read-simple-query.ts'
import type { AskedBounds } from './server-language.ts'
import { SimpleForm } from './simple-form.tsx'

interface QueryFaceProps {
  readonly language: HuntLanguage
  readonly text: string
  /** Whether a form is wanted; what no form can show stays in the editor. */
  readonly simple: boolean
  readonly fault: EditorFault | undefined
  readonly bounds: AskedBounds
  readonly onChange: (text: string) => void
  readonly onRun: () => void
  /** Somebody typed into the editor that stands in for a form: it stays from then on. */
  readonly onEditor: () => void
}

/** What an empty editor shows: queries are in no language but their own. */
const HINTS = {
  kql: "Commands | where Name == 'curl'",
  sls: 'kind: Command and process.name: curl',
  sql: "SELECT * FROM audit.commands WHERE name = 'curl'",
} as const

/** The query as text or as a form: two faces of one thing. */
export function QueryFace({ language, text, simple, fault, bounds, onChange, onRun, onEditor }: QueryFaceProps) {
  const words = useWords()
  // The address follows a moment later than the first key: until then the editor must not turn into a form.
  const [typing, setTyping] = useState(false)
  useEffect(() => {
    if (!simple) setTyping(false)
  }, [simple])
  const read = simple && language === 'kql' && text.trim() !== '' ? readSimpleQuery(text) : undefined
  if (simple && !typing && language === 'kql' && (read === undefined || isSimple(read)))
    return <SimpleForm text={text} bounds={bounds} onChange={onChange} onRun={onRun} />
  return (
    <>
      {simple && !typing && (
        <p className={styles.note} role="status">
          {read === undefined || isSimple(read) ? words.notSimpleEmpty : words.notSimple(read.part, read.line)}
        </p>
      )}
      <QueryEditor
        label={words.query}
        hint={HINTS[language]}
        language={language}
        text={text}
        fault={fault}
        bounds={bounds}
        onChange={(next) => {
          if (simple && next !== text) {
            setTyping(true)
            onEditor()
          }
          onChange(next)
        }}
        onRun={onRun}
      />
    </>
  )
}
