import type { AlertTemplate } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import styles from '../alerts/alerts-page.module.css'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { useWords } from '../words/use-words.ts'
import { TemplateForm } from './template-form.tsx'

const EMPTY: AlertTemplate = { id: '', name: '', title: '[${severity}] ${alert_name}', body: '' }

/** Content templates of messages: the list, and one at a time to write. */
export function ContentTemplates() {
  const words = useWords()
  const queries = useQueryClient()
  const templates = useQuery({ queryKey: ['templates'], queryFn: ({ signal }) => client.templates(signal) })
  const [open, setOpen] = useState<AlertTemplate | null>(null)
  const remove = useMutation({
    mutationFn: (id: string) => client.removeTemplate(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['templates'] }),
  })
  const listed = templates.data?.templates ?? []
  return (
    <section aria-label={words.templates}>
      <div className={styles.head}>
        <h2 className={styles.part}>{words.templates}</h2>
        <p className={styles.lead}>{words.templatesLead}</p>
        <button type="button" className={controls.button} onClick={() => setOpen(EMPTY)}>
          {words.newTemplate}
        </button>
      </div>
      {open !== null && (
        <TemplateForm
          key={open.id}
          template={open}
          taken={listed.map(({ id }) => id)}
          isNew={open.id === ''}
          onClose={() => setOpen(null)}
        />
      )}
      {templates.isError && <FailureNotice error={templates.error} onRetry={() => void templates.refetch()} />}
      {remove.error !== null && <FailureNotice error={remove.error} />}
      {templates.data !== undefined && listed.length === 0 && <p className={styles.soft}>{words.noTemplates}</p>}
      <ul className={styles.messages}>
        {listed.map((template) => (
          <li key={template.id}>
            <strong>
              <RecordedText text={template.name} limit={120} />
            </strong>{' '}
            <code>{template.id}</code>{' '}
            <button type="button" className={controls.button} onClick={() => setOpen(template)}>
              {words.changeTemplate}
            </button>{' '}
            <button type="button" className={controls.quiet} onClick={() => remove.mutate(template.id)}>
              {words.removeTemplate}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
