import type { EventDetail } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { exactClockText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './event.module.css'
import { callsAround, commandsAround, STORY_MS, STORY_ROWS, type StorySubject, storyOf } from './story-query.ts'

/** What happened five minutes to each side of an event in its pod and by its account: commands and API calls in order. */
export function EventStory({ detail }: { readonly detail: EventDetail }) {
  const words = useWords()
  const subject = subjectOf(detail)
  const story = useQuery({
    queryKey: ['story', subject],
    queryFn: async ({ signal }) => {
      const at = Date.parse(subject.time)
      const bounds = { from: new Date(at - STORY_MS).toISOString(), to: new Date(at + STORY_MS).toISOString() }
      const ask = (query: string | undefined) =>
        query === undefined ? undefined : client.query({ lang: 'kql', query, limit: STORY_ROWS, ...bounds }, signal)
      return storyOf(...(await Promise.all([ask(commandsAround(subject)), ask(callsAround(subject))])))
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const list = useRef<HTMLOListElement>(null)
  // It opens at the event itself, not at what was before; the page stays where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another story stands.
  useEffect(() => {
    const own = list.current?.querySelector<HTMLElement>('[aria-current="true"]')
    if (list.current && own) list.current.scrollTop = own.offsetTop - list.current.offsetTop - list.current.clientHeight / 2
  }, [story.data])
  return (
    <section>
      <h2 id="story" tabIndex={-1} className={styles.small}>
        {words.story}
      </h2>
      {story.isError ? (
        <FailureNotice error={story.error} onRetry={() => void story.refetch()} />
      ) : story.data === undefined ? (
        <Loading />
      ) : story.data.length === 0 ? (
        <p className={styles.soft}>{words.noStory}</p>
      ) : (
        <ol ref={list} className={styles.story} aria-label={words.story}>
          {story.data.map(({ eventId, time, kind, user, pod, text, status }) => (
            <li
              key={eventId}
              className={styles.step}
              data-event={eventId}
              aria-current={eventId === detail.event.eventId ? 'true' : undefined}
            >
              <Link to="/e/$eventId" params={{ eventId }}>
                {exactClockText(time)}
              </Link>
              <span className={styles.soft}>{kind === 'command' ? words.commandAsked : words.callMark}</span>
              <RecordedText text={user || words.unnamed} limit={80} />
              <RecordedText text={pod} limit={120} />
              <span>
                <RecordedText text={text} limit={300} />
                {kind === 'call' && <span className={styles.soft}> {status || '–'}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function subjectOf({ event, session, placement }: EventDetail): StorySubject {
  const aboutPod = event.resource === 'pods'
  return {
    time: event.time,
    cluster: event.cluster,
    namespace: placement?.namespace || session?.namespace || (aboutPod ? event.objectNamespace : ''),
    pod: placement?.pod || session?.pod || (aboutPod ? event.objectName : ''),
    user: session?.user ?? event.user,
  }
}
