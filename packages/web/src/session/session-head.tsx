import type { SessionDetail } from '@podwitness/api'
import { shellQuote } from '@podwitness/event'
import { Link } from '@tanstack/react-router'
import { AccountName } from '../controls/account-name.tsx'
import { ConfidenceWord } from '../controls/confidence-word.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { clockText, dateText, lengthText, localText } from '../time/clock-text.ts'
import { CONFIDENCE_MEANINGS, ENTRY_WORDS, OUTCOME_WORDS, useStatement, useWords } from '../words/use-words.ts'
import styles from './session-page.module.css'

/** Who, where, when, and how sure; with the reasons, and every candidate where the name is not certain. */
export function SessionHead({ session }: { readonly session: SessionDetail }) {
  const words = useWords()
  const say = useStatement()
  const outcome = OUTCOME_WORDS[session.outcome]
  const place = session.pod === '' ? session.containerId.slice(0, 12) || session.node : `${session.namespace}/${session.pod}`
  return (
    <header className={styles.head}>
      <h1 className={styles.title}>
        <AccountName session={session} />
        <span className={styles.in} aria-hidden="true">
          →
        </span>
        <RecordedText text={place} limit={160} />
        {session.container !== '' && (
          <span className={styles.soft}>
            · <RecordedText text={session.container} />
          </span>
        )}
      </h1>
      <p className={styles.badges}>
        <span>{words[ENTRY_WORDS[session.entry]]}</span>
        {session.tty && <span>{words.terminal}</span>}
        {outcome !== undefined && (
          <strong className={styles.refused}>
            {words[outcome]} {session.status || ''}
          </strong>
        )}
        <span>
          <RiskBadge risk={session.risk} reason="" />
          {session.riskReason !== '' && <span className={styles.soft}> — {say(session.riskReason)}</span>}
        </span>
        <ConfidenceWord confidence={session.confidence} reasons={session.reasons} />
        <span title={localText(session.start)}>
          {dateText(session.start)} {clockText(session.start)}
          {session.end === ''
            ? ` – ${words.noEnd}`
            : ` – ${clockText(session.end)} UTC · ${lengthText(Date.parse(session.end) - Date.parse(session.start))}`}
        </span>
      </p>
      <Facts session={session} />
      <div className={styles.sure}>
        <strong>{words[CONFIDENCE_MEANINGS[session.confidence]]}</strong>
        {session.reasons.length > 0 && (
          <ul aria-label={words.reasons}>
            {session.reasons.map((reason) => (
              <li key={reason}>{say(reason)}</li>
            ))}
          </ul>
        )}
      </div>
      {session.user === null && session.candidates.length > 0 && <Candidates session={session} />}
    </header>
  )
}

function Facts({ session }: { readonly session: SessionDetail }) {
  const words = useWords()
  const labels = Object.entries(session.podLabels).map(([name, value]) => `${name}=${value}`)
  const facts: readonly (readonly [string, string])[] = [
    [words.request, shellQuote(session.command)],
    [words.groups, session.groups.join(', ')],
    [words.actingAs, session.impersonatedUser ?? ''],
    [words.sourceIp, session.sourceIp],
    [words.client, session.userAgent],
    [words.image, session.image],
    [words.node, [session.node, session.hostIp].filter(Boolean).join(' · ')],
    [words.podOwner, session.podOwner === null ? '' : `${session.podOwner.kind} ${session.podOwner.name}`.trim()],
    [words.labels, labels.join(' ')],
  ]
  return (
    <dl className={styles.where}>
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <RecordedText text={value} limit={160} />
            </dd>
          </div>
        ))}
    </dl>
  )
}

function Candidates({ session }: { readonly session: SessionDetail }) {
  const words = useWords()
  const say = useStatement()
  return (
    <section aria-label={words.candidates}>
      <h2 className={styles.small}>{words.candidates}</h2>
      <div className={styles.candidates}>
        {session.candidates.map((candidate) => (
          <article key={candidate.auditId + candidate.user}>
            <h3>
              <RecordedText text={candidate.user} limit={80} />
            </h3>
            <ul>
              {candidate.reasons.map((reason) => (
                <li key={reason}>{say(reason)}</li>
              ))}
            </ul>
            <p className={styles.soft}>
              Audit-ID <RequestId session={session} auditId={candidate.auditId} />
            </p>
          </article>
        ))}
      </div>
    </section>
  )
}

/** The id of a request, leading to its event where that is at hand. */
function RequestId({ session, auditId }: { readonly session: SessionDetail; readonly auditId: string }) {
  const eventId = session.apiCalls.find((call) => call.auditId === auditId)?.eventId
  const id = <RecordedText text={auditId} limit={80} />
  if (eventId === undefined) return id
  return (
    <Link to="/e/$eventId" params={{ eventId }}>
      {id}
    </Link>
  )
}
