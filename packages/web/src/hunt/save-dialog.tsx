import { Dialog } from '@base-ui/react/dialog'
import type { SavedQuery } from '@podwitness/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { client } from '../data/client.ts'
import { savedQueriesQuery } from '../data/saved-queries-query.ts'
import dialog from '../keys/help-dialog.module.css'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import styles from './saved-menu.module.css'

/** What is saved of a query beside its name. */
export type SavedContent = Pick<SavedQuery, 'lang' | 'query' | 'view'>

interface SaveDialogProps {
  readonly content: SavedContent
  /** The saved query that this one was made from. */
  readonly origin: SavedQuery | undefined
  readonly onSaved: (saved: SavedQuery) => void
  readonly onClose: () => void
}

/** Asks for the name under which a query is kept. */
export function SaveDialog(props: SaveDialogProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={controls.backdrop} />
        <Dialog.Popup className={dialog.popup}>
          <SaveForm {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function SaveForm({ content, origin, onSaved, onClose }: SaveDialogProps) {
  const words = useWords()
  const queries = useQueryClient()
  const { data: all = [] } = useQuery(savedQueriesQuery)
  const [name, setName] = useState(origin?.name ?? '')
  const [failed, setFailed] = useState<Error>()
  usePageKeys([{ keys: 'Escape', word: 'keyOut' }], true)
  // The name of a query that one may change stands for that query.
  const replaced = all.find((one) => one.mine && one.name === name.trim())
  const save = async (data: FormData) => {
    try {
      const saved = await client.saveQuery({
        ...content,
        ...(replaced === undefined ? {} : { id: replaced.id }),
        name: name.trim(),
        description: String(data.get('description') ?? ''),
        shared: data.has('shared'),
      })
      await queries.invalidateQueries({ queryKey: savedQueriesQuery.queryKey })
      onSaved(saved)
    } catch (error) {
      setFailed(error instanceof Error ? error : new Error(String(error)))
    }
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save(new FormData(event.currentTarget))
      }}
    >
      <Dialog.Title className={dialog.title}>{words.saveQuery}</Dialog.Title>
      <label>
        {words.queryName}
        <input
          className={controls.field}
          required
          maxLength={120}
          pattern=".*\S.*"
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label>
        {words.queryDescription}
        <textarea
          className={controls.field}
          name="description"
          rows={3}
          maxLength={2000}
          defaultValue={origin?.description ?? ''}
        />
      </label>
      <label className={styles.check}>
        <input type="checkbox" name="shared" defaultChecked={origin?.shared ?? false} /> {words.shareWithAll}
      </label>
      {replaced !== undefined && (
        <p className={controls.soft} role="status">
          {words.replacesSaved}
        </p>
      )}
      {failed !== undefined && <FailureNotice error={failed} />}
      <p className={styles.actions}>
        <button type="submit" className={controls.primary} disabled={name.trim() === ''}>
          {replaced === undefined ? words.save : words.replace}
        </button>
        <button type="button" className={controls.button} onClick={onClose}>
          {words.cancel}
        </button>
      </p>
    </form>
  )
}
