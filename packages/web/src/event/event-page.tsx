import type { EventDetail } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ConfidenceWord } from '../controls/confidence-word.tsx'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { copyText } from '../controls/copy-text.ts'
import { FailedPage } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { eventQuery } from '../data/queries.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { inertText } from '../text/visible-text.ts'
import { dateText, exactClockText } from '../time/clock-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useStatement, useWords } from '../words/use-words.ts'
import { ApiCalls } from './api-calls.tsx'
import styles from './event.module.css'
import { EventSentence } from './event-sentence.tsx'
import { EventStory } from './event-story.tsx'
import { IntegrityProof } from './integrity-proof.tsx'
import { KubernetesObject } from './kubernetes-object.tsx'
import { RawLines } from './raw-lines.tsx'

const route = getRouteApi('/e/$eventId')

/** Parts of the page, in the order of their keys. */
const PARTS = [
  ['summary', 'summaryPart'],
  ['story', 'storyPart'],
  ['raw', 'rawRecord'],
  ['object', 'kubernetesObject'],
  ['integrity', 'integrity'],
] as const satisfies readonly (readonly [string, PlainWord])[]

/** Goes to a part: the next Tab continues from there. */
function toPart(id: string): void {
  const part = document.getElementById(id)
  part?.focus({ preventScroll: true })
  part?.scrollIntoView({ block: 'start' })
}

/** The event before (-1) or after (1) this one in its story. */
function neighbour(by: -1 | 1): string | undefined {
  const own = document.querySelector('[data-event][aria-current="true"]')
  const other = by === 1 ? own?.nextElementSibling : own?.previousElementSibling
  return other instanceof HTMLElement ? other.dataset.event : undefined
}

/** One event: who, what, where, its lines as received and all its fields. */
export function EventPage() {
  const { eventId } = route.useParams()
  const event = useQuery(eventQuery(eventId))
  const navigate = route.useNavigate()
  usePageKeys([
    { keys: 'y', word: 'copyLink', act: () => void copyText(location.href) },
    ...PARTS.map(([id, word], index) => ({ keys: String(index + 1), word, act: () => toPart(id) })),
    { keys: 'r', word: 'rawRecord' as const, act: () => toPart('raw') },
    ...([-1, 1] as const).map((by) => ({
      keys: by === 1 ? ']' : '[',
      word: by === 1 ? ('keyNextInStory' as const) : ('keyPreviousInStory' as const),
      act: () => {
        const next = neighbour(by)
        if (next !== undefined) void navigate({ to: '/e/$eventId', params: { eventId: next } })
      },
    })),
  ])
  if (event.isPending) return <Loading />
  if (event.isError) return <FailedPage word="event" error={event.error} onRetry={() => void event.refetch()} />
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
      <h1 id="summary" tabIndex={-1} className={styles.title}>
        <EventSentence detail={detail} />
      </h1>
      <nav className={styles.parts} aria-label={words.partsOfEvent}>
        {PARTS.map(([id, word]) => (
          <button key={id} type="button" className={controls.quiet} onClick={() => toPart(id)}>
            {words[word]}
          </button>
        ))}
      </nav>
      <dl className={styles.facts}>
        <dt>{words.time}</dt>
        <dd>
          {dateText(event.time)} {exactClockText(event.time)} UTC
        </dd>
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
            <dd>
              <RiskBadge risk={placement.risk} reason="" /> — {say(placement.riskReason)}
            </dd>
          </>
        )}
        <dt>{words.source}</dt>
        <dd>
          <RecordedText
            text={`${source.format} · ${words.batch} ${source.batchId} · ${words.event} ${source.batchSeq}`}
            limit={200}
          />
        </dd>
      </dl>
      <EventStory detail={detail} />
      <Part id="raw" word="rawRecord">
        <RawLines detail={detail} />
      </Part>
      {related.length > 0 && (
        <section>
          <h2 className={styles.small}>{words.related}</h2>
          <ApiCalls calls={related} severalUsers />
        </section>
      )}
      <Part id="object" word="kubernetesObject">
        <KubernetesObject detail={detail} />
      </Part>
      <Part id="integrity" word="integrity">
        <IntegrityProof eventId={event.eventId} />
      </Part>
      <section>
        <h2 className={styles.small}>{words.fields}</h2>
        <Fields detail={detail} />
      </section>
    </div>
  )
}

interface PartProps {
  readonly id: string
  readonly word: PlainWord
  readonly children: ReactNode
}

function Part({ id, word, children }: PartProps) {
  const words = useWords()
  return (
    <section>
      <h2 id={id} tabIndex={-1} className={styles.small}>
        {words[word]}
      </h2>
      {children}
    </section>
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
