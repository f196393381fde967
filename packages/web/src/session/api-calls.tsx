import type { ApiCall } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import { RecordedText } from '../text/recorded-text.tsx'
import { exactClockText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './session-page.module.css'

/** API requests, one a line, each leading to its event. */
export function ApiCalls({ calls, severalUsers }: { readonly calls: readonly ApiCall[]; readonly severalUsers: boolean }) {
  const words = useWords()
  if (calls.length === 0) return <p className={styles.soft}>{words.noApiCalls}</p>
  return (
    <ul className={styles.calls}>
      {calls.map((call) => (
        <li key={call.eventId} data-own={call.own}>
          <Link to="/e/$eventId" params={{ eventId: call.eventId }}>
            {exactClockText(call.time)}
          </Link>{' '}
          {severalUsers && <RecordedText text={`${call.user} `} />}
          <RecordedText
            text={`${call.verb} ${call.resource} ${[call.namespace, call.name].filter(Boolean).join('/')}`}
            limit={200}
          />{' '}
          <span className={call.status >= 400 ? styles.refused : styles.soft}>{call.status || '–'}</span>
          {call.own && <span className={styles.own}> {words.ownCall}</span>}
        </li>
      ))}
    </ul>
  )
}
