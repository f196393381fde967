import type { Alert } from '@podwitness/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef } from 'react'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { client } from '../data/client.ts'
import { useWords } from '../words/use-words.ts'
import styles from './alerts-page.module.css'

const HOURS = [1, 8, 24, 168] as const

/** Keeps further alerts like this one from channels for a time; the inbox still has them. */
export function SilenceForm({ alert, onDone }: { readonly alert: Alert; readonly onDone: () => void }) {
  const words = useWords()
  const queries = useQueryClient()
  const reason = useRef<HTMLInputElement>(null)
  useEffect(() => reason.current?.focus(), [])
  const silence = useMutation({
    mutationFn: client.silence,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['silences'] })
      onDone()
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    const matchers = { rule: alert.ruleId, ...(said.get('like') === 'group' ? { group: alert.group } : {}) }
    silence.mutate({ matchers, minutes: Number(said.get('hours')) * 60, reason: String(said.get('reason')) })
  }
  return (
    <form
      className={styles.silence}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone()
      }}
    >
      <label>
        {words.silenceWhy}
        <input ref={reason} className={controls.field} name="reason" required maxLength={2000} />
      </label>
      <label>
        {words.silenceFor}
        <select className={controls.field} name="hours" defaultValue={8}>
          {HOURS.map((hours) => (
            <option key={hours} value={hours}>
              {words.hours(hours)}
            </option>
          ))}
        </select>
      </label>
      {alert.group !== '' && (
        <label>
          {words.silenceWhat}
          <select className={controls.field} name="like" defaultValue="group">
            <option value="group">{words.silenceGroup}</option>
            <option value="rule">{words.silenceRule}</option>
          </select>
        </label>
      )}
      <button type="submit" className={controls.primary} disabled={silence.isPending}>
        {words.silence}
      </button>
      <button type="button" className={controls.quiet} onClick={onDone}>
        {words.close}
      </button>
      {silence.error !== null && <FailureNotice error={silence.error} />}
    </form>
  )
}
