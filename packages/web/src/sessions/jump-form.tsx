import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { client } from '../data/client.ts'
import type { SessionsQuery } from '../search/sessions-search.ts'
import { inertText } from '../text/visible-text.ts'
import { instantOf } from '../time/time-range.ts'
import { useWords } from '../words/use-words.ts'
import styles from './sessions-page.module.css'

interface JumpFormProps {
  readonly query: SessionsQuery
  readonly total: number
  /** Given the index of a row. */
  readonly onJump: (index: number) => void
}

/** Ways through a long list: to its ends, and to a time where it is by time. */
export function JumpForm({ query, total, onJump }: JumpFormProps) {
  const words = useWords()
  const [bad, setBad] = useState(false)
  const jump = useMutation({
    mutationFn: async (at: string) => (await client.sessions({ ...query, at, limit: 1, counts: false })).position ?? 0,
    onSuccess: (position) => onJump(Math.min(position, total - 1)),
  })
  const byTime = query.sort === undefined || query.sort === 'newest' || query.sort === 'oldest'
  return (
    <form
      className={styles.jump}
      onSubmit={(event) => {
        event.preventDefault()
        const at = instantOf(String(new FormData(event.currentTarget).get('at') ?? '').trim())
        setBad(at === undefined)
        if (at !== undefined) jump.mutate(at)
      }}
    >
      {byTime && (
        <>
          <label>
            {words.jumpToTime}{' '}
            <input
              className={controls.field}
              name="at"
              placeholder="2026-11-21 02:53"
              autoComplete="off"
              spellCheck={false}
              aria-invalid={bad}
            />
          </label>
          <button type="submit" className={controls.button} disabled={jump.isPending}>
            {words.jump}
          </button>
        </>
      )}
      <button type="button" className={controls.button} onClick={() => onJump(0)}>
        {words.keyFirstRow} <kbd>Home</kbd>
      </button>
      <button type="button" className={controls.button} onClick={() => onJump(total - 1)}>
        {words.keyLastRow} <kbd>End</kbd>
      </button>
      <span role="alert" className={styles.bad}>
        {bad ? words.timeForm : jump.error === null ? '' : inertText(jump.error.message)}
      </span>
    </form>
  )
}
