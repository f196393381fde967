import type { Alert, AlertDelivery } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { cellText } from '../text/cell-text.ts'
import { dateTimeText } from '../time/clock-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import styles from './alerts-page.module.css'

/** Names under which the query languages call the same thing. */
const SESSION_KEYS = ['traceId', 'TraceId', 'trace_id']
const EVENT_KEYS = ['eventId', 'EventId', 'event_id']
const LINKED = new Set([...SESSION_KEYS, ...EVENT_KEYS])

/** Names of how far a message came in the catalogue. */
const DELIVERY_WORDS = {
  pending: 'deliveryPending',
  sent: 'deliverySent',
  failed: 'deliveryFailed',
  folded: 'deliveryFolded',
} as const satisfies Record<AlertDelivery['state'], PlainWord>

/** What an alert is about, row by row, and which messages went out. */
export function AlertRows({ alert }: { readonly alert: Alert }) {
  const words = useWords()
  const detail = useQuery({ queryKey: ['alert', alert.alertId], queryFn: ({ signal }) => client.alert(alert.alertId, signal) })
  return (
    <div className={styles.detail}>
      {alert.rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of an alert have no identity but their place.
        <dl key={index} className={styles.row}>
          {Object.entries(row)
            .filter(([name, value]) => !LINKED.has(name) && cellText(value) !== '')
            .map(([name, value]) => (
              <div key={name}>
                <dt>
                  <RecordedText text={name} limit={60} />
                </dt>
                <dd>
                  <RecordedText text={cellText(value)} limit={200} />
                </dd>
              </div>
            ))}
          <RowLinks row={row} />
        </dl>
      ))}
      {alert.count > alert.rows.length && <p className={styles.soft}>{words.listedOf(alert.rows.length, alert.count)}</p>}
      {detail.data !== undefined && (
        <section>
          <h3 className={styles.part}>{words.messages}</h3>
          {detail.data.deliveries.length === 0 ? (
            <p className={styles.soft}>{words.noMessages}</p>
          ) : (
            <ul className={styles.messages}>
              {detail.data.deliveries.map((delivery) => (
                <li key={delivery.deliveryId}>
                  <strong>{words[DELIVERY_WORDS[delivery.state]]}</strong> <RecordedText text={delivery.channel} limit={80} />{' '}
                  <span className={styles.soft}>{dateTimeText(delivery.updated)}</span>{' '}
                  <RecordedText text={delivery.answer} limit={200} />
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </div>
  )
}

function RowLinks({ row }: { readonly row: Readonly<Record<string, unknown>> }) {
  const words = useWords()
  const first = (keys: readonly string[]): string => keys.map((key) => cellText(row[key])).find((text) => text !== '') ?? ''
  const [traceId, eventId] = [first(SESSION_KEYS), first(EVENT_KEYS)]
  return (
    <div>
      {traceId !== '' && (
        <dd>
          <Link to="/s/$traceId" params={{ traceId }} search={eventId === '' ? {} : { cmd: eventId }}>
            {words.session}
          </Link>
        </dd>
      )}
      {eventId !== '' && (
        <dd>
          <Link to="/e/$eventId" params={{ eventId }}>
            {words.event}
          </Link>
        </dd>
      )}
    </div>
  )
}
