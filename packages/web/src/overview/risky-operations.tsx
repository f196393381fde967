import type { RiskyOperation } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { clockText, dateText, localText } from '../time/clock-text.ts'
import { useStatement, useWords } from '../words/use-words.ts'
import styles from './overview-page.module.css'

interface RiskyOperationsProps {
  readonly operations: readonly RiskyOperation[]
  /** All of them, listed or not. */
  readonly total: number
  readonly search: SessionsSearch
}

/** The commands worth looking at first, each with its session and its evidence. */
export function RiskyOperations({ operations, total, search }: RiskyOperationsProps) {
  const words = useWords()
  const say = useStatement()
  if (operations.length === 0) return null
  return (
    <section className={styles.panel}>
      <h2 className={styles.panelTitle}>
        {words.riskyOperations}{' '}
        <Link to="/sessions" search={search} className={styles.all}>
          {words.listedOf(operations.length, total)}
        </Link>
      </h2>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              {[
                words.time,
                words.account,
                words.where,
                words.commandAsked,
                words.risk,
                words.why,
                words.session,
                words.event,
              ].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {operations.map((one) => (
              <tr key={one.eventId}>
                <td title={localText(one.time)} className={styles.when}>
                  <span className={styles.soft}>{dateText(one.time)}</span> {clockText(one.time)}
                </td>
                <td>
                  <RecordedText text={one.user ?? (one.candidates.join(` ${words.or} `) || words.unnamed)} limit={60} />
                </td>
                <td>
                  <RecordedText text={one.pod === '' ? one.node : `${one.namespace}/${one.pod}`} limit={60} />
                  {one.container !== '' && (
                    <span className={styles.soft}> · {<RecordedText text={one.container} limit={30} />}</span>
                  )}
                </td>
                <td className={styles.code}>
                  <RecordedText text={one.cmdline} limit={120} />
                </td>
                <td>
                  <RiskBadge risk={one.risk} reason={one.riskReason} />
                </td>
                <td className={styles.soft}>{say(one.riskReason)}</td>
                <td className={styles.id}>
                  <Link to="/s/$traceId" params={{ traceId: one.traceId }} search={{ cmd: one.eventId }} className={styles.code}>
                    {one.traceId.slice(0, 8)}
                  </Link>
                </td>
                <td className={styles.id}>
                  <Link to="/e/$eventId" params={{ eventId: one.eventId }} className={styles.code}>
                    {one.eventId.slice(0, 8)}
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
