import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { client } from '../../data/client.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'

/** Sets the own password. @param first Whether there is none yet. */
export function OwnPassword({ first = false }: { readonly first?: boolean }) {
  const words = useWords()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (body: { current?: string; password: string }) => client.setPassword(body),
    onSuccess: () => queries.invalidateQueries(),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string): string => String(form.get(name) ?? '')
    save.mutate({ password: text('password'), ...(first ? {} : { current: text('current') }) })
    event.currentTarget.reset()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {!first && (
        <label className={styles.labelled}>
          {words.currentPassword}
          <input className={controls.field} name="current" type="password" autoComplete="current-password" required />
        </label>
      )}
      <label className={styles.labelled}>
        {words.newPassword}
        <input className={controls.field} name="password" type="password" autoComplete="new-password" minLength={12} required />
      </label>
      <button type="submit" className={controls.primary} disabled={save.isPending}>
        {words.savePassword}
      </button>
      <p className={styles.soft}>{words.passwordRule}</p>
      <p role="status">{save.isSuccess ? words.passwordSaved : ''}</p>
      {save.error !== null && <FailureNotice error={save.error} />}
    </form>
  )
}
