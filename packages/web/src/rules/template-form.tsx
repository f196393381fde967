import type { AlertTemplate } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import styles from '../alerts/alerts-page.module.css'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { useWords } from '../words/use-words.ts'

interface TemplateFormProps {
  readonly template: AlertTemplate
  /** Identifiers in use; a new template may have none of them. */
  readonly taken: readonly string[]
  readonly isNew: boolean
  readonly onClose: () => void
}

/** A template as it is typed: what is wrong with it and where, what it makes of the newest alert, and saving it. */
export function TemplateForm({ template, taken, isNew, onClose }: TemplateFormProps) {
  const words = useWords()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(template)
  const { title, body } = draft
  const shown = useQuery({
    queryKey: ['template-preview', title, body],
    queryFn: () => client.previewTemplate({ title, body }),
    placeholderData: (before) => before,
    retry: false,
  })
  const save = useMutation({
    mutationFn: () => client.saveTemplate(draft),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['templates'] })
      onClose()
    },
  })
  const faults = shown.data?.faults ?? []
  const isTaken = isNew && taken.includes(draft.id)
  const type = (part: Partial<AlertTemplate>) => setDraft((before) => ({ ...before, ...part }))
  return (
    <div className={styles.alert}>
      {isNew && (
        <label className={styles.soft}>
          {words.templateId}{' '}
          <input
            className={controls.field}
            value={draft.id}
            onChange={({ target }) => type({ id: target.value.trim(), name: target.value.trim() })}
          />
        </label>
      )}
      {isTaken && <p className={styles.bad}>{words.templateTaken}</p>}
      <label className={styles.soft}>
        {words.templateTitle}{' '}
        <input className={controls.field} value={title} onChange={({ target }) => type({ title: target.value })} />
      </label>
      <textarea
        className={styles.code}
        aria-label={words.templateBody}
        value={body}
        spellCheck={false}
        onChange={({ target }) => type({ body: target.value })}
      />
      <ul className={styles.messages} aria-live="polite">
        {faults.map(({ part, line, column, message, hint }) => (
          <li key={`${part}:${line}:${column}:${message}`} className={styles.bad}>
            {part === 'title' ? words.templateTitle : words.templateBody} {line}:{column}{' '}
            <RecordedText text={`${message} ${hint}`} limit={400} />
          </li>
        ))}
      </ul>
      <p className={styles.head}>
        {faults.length > 0 && shown.data !== undefined && (
          <button type="button" className={controls.button} onClick={() => type(shown.data.repaired)}>
            {words.repairTemplate}
          </button>
        )}
        <button
          type="button"
          className={controls.primary}
          disabled={faults.length > 0 || draft.id === '' || isTaken || save.isPending}
          onClick={() => save.mutate()}
        >
          {words.save}
        </button>
        <button type="button" className={controls.quiet} onClick={onClose}>
          {words.close}
        </button>
      </p>
      {save.error !== null && <FailureNotice error={save.error} />}
      {shown.data !== undefined && shown.data.text !== '' && (
        <div role="status" aria-label={words.templatePreview}>
          <p className={styles.soft}>{words.templatePreview}</p>
          <p>
            <strong>
              <RecordedText text={shown.data.title} limit={200} />
            </strong>
          </p>
          {shown.data.text.split('\n').map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place.
            <p key={index} className={styles.reason}>
              <RecordedText text={line} limit={2_000} />
            </p>
          ))}
        </div>
      )}
    </div>
  )
}
