import type { ApiCall } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { RecordedText } from '../controls/recorded-text.tsx'
import { exactClockText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './api-calls.module.css'

interface ApiCallsProps {
  readonly calls: readonly ApiCall[]
  readonly severalUsers: boolean
  /** Whether it is not known which of the session's own requests opened it. */
  readonly ambiguous?: boolean
  /** Nobody is named, so that there is nobody's calls to list. */
  readonly nobody?: boolean
}

/** So many the server lists of a session, the nearest to its start. */
const MOST_CALLS = 500

/** API requests, one a line, each leading to its event. */
export function ApiCalls({ calls, severalUsers, ambiguous = false, nobody = false }: ApiCallsProps) {
  const words = useWords()
  const list = useRef<HTMLUListElement>(null)
  // A busy account has many calls around a session: show those beside the session's own request first.
  useEffect(() => {
    const own = list.current?.querySelector<HTMLElement>('[data-own="true"]')
    if (list.current && own) list.current.scrollTop = own.offsetTop - list.current.offsetTop - list.current.clientHeight / 2
  }, [])
  if (calls.length === 0) return <p className={styles.soft}>{nobody ? words.apiCallsNobody : words.noApiCalls}</p>
  return (
    <>
      <ul ref={list} className={styles.calls}>
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
            {call.own && <span className={styles.own}> {ambiguous ? words.maybeOwnCall : words.ownCall}</span>}
          </li>
        ))}
      </ul>
      {calls.length === MOST_CALLS && <p className={styles.soft}>{words.apiCallsNearest(MOST_CALLS)}</p>}
    </>
  )
}
