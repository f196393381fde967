import type { EventDetail } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { eventQuery } from '../app/queries.ts'
import { ConfidenceWord } from '../controls/confidence-word.tsx'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { copyText } from '../controls/copy-text.ts'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { ApiCalls } from '../session/api-calls.tsx'
import { RecordedText } from '../text/recorded-text.tsx'
import { inertText } from '../text/visible-text.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useStatement, useWords } from '../words/use-words.ts'
import styles from './event.module.css'
import { EventSentence } from './event-sentence.tsx'
import { EventStory } from './event-story.tsx'
import { RawLines } from './raw-lines.tsx'

const route = getRouteApi('/e/$eventId')

/** One event: who, what, where, its lines as received and all its fields. */
export function EventPage() {
  const { eventId } = route.useParams()
  const event = useQuery(eventQuery(eventId))
  usePageKeys([{ keys: 'y', word: 'copyLink', act: () => void copyText(location.href) }])
  if (event.isPending) return <Loading />
  if (event.isError) return <FailureNotice error={event.error} onRetry={() => void event.refetch()} />
  return <Loaded detail={event.data} />
}

function Loaded({ detail }: { readonly detail: EventDetail }) {
  const words = useWords()
  const say = useStatement()
  const { event, session, placement, source, related } = detail
  return (
    <div className={styles.page}>
      <title>{`${words.event} ${inertText(event.auditSerial || event.eventId)} · podwitness`}</title>
      <div className={styles.nav}>
        {session === null ? (
          <span className={styles.soft}>{words.notPlaced}</span>
        ) : (
          <Link
            to="/s/$traceId"
            params={{ traceId: session.traceId }}
            search={event.kind === 'Command' ? { cmd: event.eventId } : {}}
            className={controls.button}
          >
            {words.inSession}
          </Link>
        )}
        <CopyButton text={location.href} word="copyLink" />
      </div>
      <h1 className={styles.title}>
        <EventSentence detail={detail} />
      </h1>
      <dl className={styles.facts}>
        <dt>{words.time}</dt>
        <dd>{dateTimeText(event.time)} UTC</dd>
        {session !== null && (
          <>
            <dt>{words.confidence}</dt>
            <dd>
              <ConfidenceWord confidence={session.confidence} reasons={session.reasons} />
            </dd>
          </>
        )}
        {placement !== null && placement.riskReason !== '' && (
          <>
            <dt>{words.risk}</dt>
            <dd>{say(placement.riskReason)}</dd>
          </>
        )}
        <dt>{words.source}</dt>
        <dd>
          <RecordedText text={`${source.format} · ${source.batchId} · ${source.batchSeq}`} limit={200} />
        </dd>
      </dl>
      <RawLines detail={detail} />
      {related.length > 0 && (
        <section>
          <h2 className={styles.small}>{words.related}</h2>
          <ApiCalls calls={related} severalUsers />
        </section>
      )}
      <EventStory detail={detail} />
      <section>
        <h2 className={styles.small}>{words.fields}</h2>
        <Fields detail={detail} />
      </section>
    </div>
  )
}

function Fields({ detail }: { readonly detail: EventDetail }) {
  const shown = Object.entries({ ...detail.event, ...(detail.placement ?? {}) })
    .map(([name, value]) => [name, fieldText(value)] as const)
    .filter(([, text]) => text !== '' && text !== '0')
  return (
    <dl className={styles.facts}>
      {shown.map(([name, text]) => (
        <div key={name} className={styles.field}>
          <dt translate="no">{name}</dt>
          <dd>
            <RecordedText text={text} limit={600} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function fieldText(value: string | number | boolean | readonly string[] | Readonly<Record<string, string>>): string {
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value)
  return Object.keys(value).length === 0 ? '' : JSON.stringify(value)
}
