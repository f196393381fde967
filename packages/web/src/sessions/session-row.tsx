import type { ListedSession } from '@podwitness/api'
import { shellQuote } from '@podwitness/event'
import { Link } from '@tanstack/react-router'
import { AccountName } from '../controls/account-name.tsx'
import { ConfidenceWord } from '../controls/confidence-word.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { clockText, dateText, lengthText, localText } from '../time/clock-text.ts'
import { ENTRY_WORDS, OUTCOME_WORDS, useWords } from '../words/use-words.ts'
import styles from './session-table.module.css'

interface SessionRowProps {
  readonly session: ListedSession
  readonly search: SessionsSearch
  readonly apiMissing: boolean
}

/** The cells of one session. The link in the first one covers the row. */
export function SessionRow({ session, search, apiMissing }: SessionRowProps) {
  const words = useWords()
  const match = session.topMatch
  const outcome = OUTCOME_WORDS[session.outcome]
  const find = search.command === undefined || /[*?]/.test(search.command) ? undefined : search.command
  const ms = session.end === '' ? undefined : Date.parse(session.end) - Date.parse(session.start)
  return (
    <>
      <span className={styles.start}>
        <Link
          to="/s/$traceId"
          params={{ traceId: session.traceId }}
          search={{ ...(match ? { cmd: match.eventId } : {}), ...(find ? { find } : {}) }}
          className={styles.link}
          title={localText(session.start)}
        >
          <span className={styles.date}>{dateText(session.start)}</span> {clockText(session.start)}
        </Link>
      </span>
      <span className={styles.length}>
        {ms === undefined ? <span className={styles.soft}>{words.noEnd}</span> : lengthText(ms)}
      </span>
      <span className={styles.account}>
        {apiMissing && session.confidence === 'none' ? (
          <span className={styles.soft}>{words.notReceived}</span>
        ) : (
          <AccountName session={session} />
        )}
      </span>
      <span className={styles.where}>
        <Place session={session} />
      </span>
      <span className={styles.entry}>
        {words[ENTRY_WORDS[session.entry]]}
        {session.tty && <span className={styles.soft}> · {words.terminal}</span>}
        {outcome !== undefined && <strong className={styles.outcome}> · {words[outcome]}</strong>}
      </span>
      <span className={styles.command}>
        <RecordedText text={(match?.cmdline ?? shellQuote(session.command)).slice(0, 400)} mark={find} />
        {match !== undefined && match.matches > 1 && <span className={styles.soft}> {words.moreMatches(match.matches - 1)}</span>}
      </span>
      <span className={styles.count}>
        <span className={styles.label}>{words.commandsShort} </span>
        {session.commandCount}
      </span>
      <span className={styles.risk}>
        <RiskBadge risk={session.risk} reason={session.riskReason} />
      </span>
      <span className={styles.confidence}>
        <ConfidenceWord confidence={session.confidence} reasons={session.reasons} />
      </span>
    </>
  )
}

function Place({ session }: { readonly session: ListedSession }) {
  if (session.pod === '') return <RecordedText text={session.containerId.slice(0, 12) || session.node} />
  return (
    <>
      <RecordedText text={`${session.namespace}/${session.pod}`} />
      {session.container !== '' && (
        <span className={styles.soft}>
          {' · '}
          <RecordedText text={session.container} />
        </span>
      )}
    </>
  )
}
