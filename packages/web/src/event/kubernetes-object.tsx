import type { EventDetail } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { Asked } from '../controls/asked.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './event.module.css'
import { objectFacts, requestParts } from './object-facts.ts'

/** What the API request carried, and the pod as the cluster described it. */
export function KubernetesObject({ detail }: { readonly detail: EventDetail }) {
  const words = useWords()
  const { eventId } = detail.event
  const pod = useQuery({ queryKey: ['event-pod', eventId], queryFn: ({ signal }) => client.eventPod(eventId, signal) })
  return (
    <>
      {detail.event.kind === 'KubeAudit' &&
        requestParts(detail.raw).map(([name, text]) => (
          <details key={name} open={name === 'objectRef'}>
            <summary translate="no">{name}</summary>
            <Json text={text} label={name} />
          </details>
        ))}
      <Asked query={pod}>
        {({ pod: found }) =>
          found === null ? (
            <p className={styles.soft}>{words.noPodSeen}</p>
          ) : (
            <>
              <p className={styles.soft}>{words.podSeen(dateTimeText(found.observed))}</p>
              <dl className={styles.facts}>
                {objectFacts(found.object).map(([name, text]) => (
                  <div key={name} className={styles.field}>
                    <dt translate="no">{name}</dt>
                    <dd>
                      <RecordedText text={text} limit={300} />
                    </dd>
                  </div>
                ))}
              </dl>
              <details>
                <summary>{words.wholeObject}</summary>
                <Json text={found.object} label={words.wholeObject} />
              </details>
            </>
          )
        }
      </Asked>
    </>
  )
}

function Json({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.json} tabIndex={0} aria-label={label}>
      {prettyLines(text).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <div key={index}>
          <RecordedText text={line} limit={2000} />
        </div>
      ))}
    </section>
  )
}

/** Lines of an object at most; the whole of it is in the raw records or the store. */
const MOST_LINES = 2000

function prettyLines(text: string): string[] {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split('\n').slice(0, MOST_LINES)
  } catch {
    return text.split('\n').slice(0, MOST_LINES)
  }
}
