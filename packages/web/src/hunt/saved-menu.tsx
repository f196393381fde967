import { Popover } from '@base-ui/react/popover'
import type { SavedQuery } from '@podwitness/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { savedQueriesQuery } from '../data/saved-queries-query.ts'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import { LANGUAGE_NAMES } from './language-support.ts'
import { QueryTextDialog } from './query-text-dialog.tsx'
import styles from './saved-menu.module.css'

/** Saved queries by name, to run one; one's own can be removed. */
export function SavedMenu({ onChoose }: { readonly onChoose: (saved: SavedQuery) => void }) {
  const words = useWords()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [find, setFind] = useState('')
  const [failed, setFailed] = useState<Error>()
  /** The query that is shown as text; null for every one of one's own. */
  const [shownAsText, setShownAsText] = useState<string | null>()
  const { data: all = [], error } = useQuery(savedQueriesQuery)
  const wanted = find.trim().toLowerCase()
  const shown = all.filter(({ name, description, query }) => `${name}\n${description}\n${query}`.toLowerCase().includes(wanted))
  const remove = ({ id }: SavedQuery) =>
    client
      .removeQuery(id)
      .then(() => setFailed(undefined), setFailed)
      .finally(() => queries.invalidateQueries({ queryKey: savedQueriesQuery.queryKey }))
  const choose = (saved: SavedQuery) => {
    setOpen(false)
    onChoose(saved)
  }
  const trouble = failed ?? error
  const showText = (id: string | null) => {
    setOpen(false)
    setShownAsText(id)
  }
  return (
    <>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger className={controls.button}>
          {words.savedQueries}
          {all.length > 0 && ` (${all.length})`}
          <span aria-hidden="true">▾</span>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className={controls.positioner} sideOffset={4} align="start">
            <Popover.Popup className={`${controls.popup} ${styles.popup}`} aria-label={words.savedQueries}>
              {trouble !== null && trouble !== undefined && <FailureNotice error={trouble} />}
              <input
                className={controls.field}
                aria-label={words.findSaved}
                placeholder={words.findSaved}
                value={find}
                onChange={(event) => setFind(event.target.value)}
                onKeyDown={(event) => {
                  const [first] = shown
                  if (event.key === 'Enter' && first !== undefined) choose(first)
                }}
              />
              {shown.length === 0 && <p className={controls.soft}>{all.length === 0 ? words.noneSaved : words.noValues}</p>}
              <ul className={styles.list}>
                {shown.map((saved) => (
                  <li key={saved.id}>
                    <button type="button" className={styles.choice} title={inertText(saved.query)} onClick={() => choose(saved)}>
                      <strong>
                        <RecordedText text={saved.name} />
                      </strong>{' '}
                      <span className={controls.soft}>
                        {LANGUAGE_NAMES[saved.lang]}
                        {saved.shared && ` · ${words.sharedBy(inertText(saved.owner))}`}
                      </span>
                      {saved.description !== '' && (
                        <span className={styles.description}>
                          <RecordedText text={saved.description} />
                        </span>
                      )}
                    </button>
                    <button
                      type="button"
                      className={controls.quiet}
                      aria-label={words.showAsYaml(inertText(saved.name))}
                      onClick={() => showText(saved.id)}
                    >
                      YAML
                    </button>
                    {saved.mine && <RemoveButton name={saved.name} onRemove={() => void remove(saved)} />}
                  </li>
                ))}
              </ul>
              <button type="button" className={controls.button} onClick={() => showText(null)}>
                {words.queriesAsText}
              </button>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {shownAsText !== undefined && <QueryTextDialog id={shownAsText ?? undefined} onClose={() => setShownAsText(undefined)} />}
    </>
  )
}

/** Removes on the second press: nothing brings a removed query back. */
function RemoveButton({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  const words = useWords()
  const [asked, setAsked] = useState(false)
  return (
    <button
      type="button"
      className={controls.quiet}
      aria-label={words.removeSaved(inertText(name))}
      onBlur={() => setAsked(false)}
      onClick={() => (asked ? onRemove() : setAsked(true))}
    >
      {asked ? words.removeSure : '✕'}
    </button>
  )
}
