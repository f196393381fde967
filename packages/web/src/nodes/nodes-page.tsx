import type { HeardNode, LossMinute } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import styles from '../alerts/alerts-page.module.css'
import { CommandBlock } from '../controls/command-block.tsx'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { ROW, rowKeys } from '../keys/row-keys.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { SET_UP, setUpPlace } from '../settings/set-up-commands.ts'
import { dateTimeText, localText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'

const EVERY_MS = 10_000

/** The senders: when each was heard last, how it fares hop by hop, and what is known to be missing. */
export function NodesPage() {
  const words = useWords()
  usePageKeys(rowKeys([]))
  const loss = useQuery({ queryKey: ['loss'], queryFn: ({ signal }) => client.loss({}, signal), refetchInterval: EVERY_MS })
  return (
    <div className={styles.page}>
      <title>{`${words.nodes} · podwitness`}</title>
      <div className={styles.head}>
        <h1 className={styles.title}>{words.nodes}</h1>
        <p className={styles.lead}>{words.nodesLead}</p>
      </div>
      {loss.isError ? (
        <FailureNotice error={loss.error} onRetry={() => void loss.refetch()} />
      ) : loss.data === undefined ? (
        <Loading />
      ) : (
        <>
          <Heard nodes={loss.data.nodes} />
          <Losses minutes={loss.data.minutes} />
        </>
      )}
    </div>
  )
}

function Heard({ nodes }: { readonly nodes: readonly HeardNode[] }) {
  const words = useWords()
  if (nodes.length === 0)
    return (
      <section>
        <p>{words.noNodes}</p>
        <CommandBlock text={SET_UP.agents(setUpPlace([], location.hostname))} />
        <p>
          <Link to="/settings/$section" params={{ section: 'set-up' }}>
            {words.emptyStoreSteps}
          </Link>
        </p>
      </section>
    )
  return (
    <ul className={styles.list} aria-label={words.nodes}>
      {nodes.map(({ cluster, node, lastHeard, counters, facts }) => (
        <li key={`${cluster}/${node}`} {...ROW} className={styles.alert}>
          <div className={styles.line}>
            <h2 className={styles.rule}>
              <RecordedText text={node} limit={120} />
            </h2>
            <span className={styles.soft}>
              <RecordedText text={cluster} limit={80} />
            </span>
            <span title={localText(lastHeard)}>{words.heardAt(dateTimeText(lastHeard))}</span>
          </div>
          <dl className={styles.row}>
            {Object.entries(counters).map(([name, value]) => (
              <div key={name}>
                <dt>
                  <RecordedText text={name} limit={60} />
                </dt>
                <dd>{words.count(value)}</dd>
              </div>
            ))}
            {Object.entries(facts).map(([name, value]) => (
              <div key={name}>
                <dt>
                  <RecordedText text={name} limit={60} />
                </dt>
                <dd>
                  <RecordedText text={value} limit={120} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

function Losses({ minutes }: { readonly minutes: readonly LossMinute[] }) {
  const words = useWords()
  return (
    <section className={styles.scroll}>
      <h2 className={styles.part}>{words.knownLosses}</h2>
      {minutes.length === 0 ? (
        <p className={styles.soft}>{words.noLosses}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              {[words.time, words.node, words.hop].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col" data-number="true">
                {words.recordsLost}
              </th>
              <th scope="col">{words.why}</th>
            </tr>
          </thead>
          <tbody>
            {minutes.map(({ minute, cluster, node, hop, records, unknown, reasons }) => (
              <tr key={`${minute} ${cluster} ${node} ${hop}`}>
                <td className={styles.when}>{dateTimeText(minute)}</td>
                <td>
                  <RecordedText text={node} limit={80} />
                </td>
                <td>{hop}</td>
                <td data-number="true">
                  {words.count(records)}
                  {unknown > 0 && ` + ${words.unknownTimes(unknown)}`}
                </td>
                <td>
                  <RecordedText text={reasons.join('; ')} limit={300} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
