import { Dialog } from '@base-ui/react/dialog'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { useLater } from '../controls/use-later.ts'
import { client } from '../data/client.ts'
import { savedQueriesQuery } from '../data/saved-queries-query.ts'
import dialog from '../keys/help-dialog.module.css'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import styles from './saved-menu.module.css'

/** Typing pauses so long before the server is asked what is wrong, in milliseconds. */
const LINT_DELAY_MS = 300

interface QueryTextDialogProps {
  /** The query that is shown; every one of one's own where absent. */
  readonly id: string | undefined
  readonly onClose: () => void
}

/** Saved queries as YAML: to copy, to change, or to paste others over them. */
export function QueryTextDialog({ id, onClose }: QueryTextDialogProps) {
  const given = useQuery({
    queryKey: ['saved-queries', 'text', id ?? ''],
    queryFn: ({ signal }) => client.savedQueriesText(id === undefined ? {} : { id }, signal),
    gcTime: 0,
    retry: false,
  })
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={controls.backdrop} />
        <Dialog.Popup className={`${dialog.popup} ${styles.wide}`}>
          {given.isError ? (
            <FailureNotice error={given.error} onRetry={() => void given.refetch()} />
          ) : given.data === undefined ? (
            <Loading />
          ) : (
            <TextForm yaml={given.data.yaml} onClose={onClose} />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function TextForm({ yaml, onClose }: { readonly yaml: string; readonly onClose: () => void }) {
  const words = useWords()
  const queries = useQueryClient()
  const [text, setText] = useState(yaml)
  const asked = useLater(text, LINT_DELAY_MS)
  usePageKeys([{ keys: 'Escape', word: 'keyOut' }], true)
  const lint = useQuery({
    queryKey: ['lint-queries', asked],
    queryFn: ({ signal }) => client.lintQueries({ yaml: asked }, signal),
    retry: false,
    placeholderData: (before) => before,
  })
  const save = useMutation({
    mutationFn: () => client.applyQueries({ yaml: text }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: savedQueriesQuery.queryKey })
      onClose()
    },
  })
  const { faults = [], names = [] } = lint.data ?? {}
  const settled = asked === text && !lint.isFetching
  const failure = save.error ?? lint.error
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Dialog.Title className={dialog.title}>{words.queriesAsText}</Dialog.Title>
      <p className={controls.soft}>{words.queriesAsTextHow}</p>
      <textarea
        className={`${controls.field} ${styles.text}`}
        aria-label={words.queriesAsText}
        rows={16}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className={styles.faults} aria-live="polite">
        {faults.map(({ line, column, message, hint }) => (
          <li key={`${line}:${column}:${message}`}>
            {line}:{column} <RecordedText text={`${message} ${hint}`} limit={400} />
          </li>
        ))}
      </ul>
      {failure !== null && <FailureNotice error={failure} />}
      <p className={styles.actions}>
        <button
          type="submit"
          className={controls.primary}
          disabled={!settled || faults.length > 0 || names.length === 0 || save.isPending}
        >
          {words.saveQueries(names.length)}
        </button>
        <CopyButton text={text} word="copy" />
        <button type="button" className={controls.button} onClick={onClose}>
          {words.close}
        </button>
      </p>
    </form>
  )
}
