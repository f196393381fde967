import { ALERT_STATES, type Alert } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../app/client.ts'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import notice from '../controls/notice.module.css'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { ROW, rowKeys } from '../keys/row-keys.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { RecordedText } from '../text/recorded-text.tsx'
import { dateTimeText, localText } from '../time/clock-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import { AlertRows } from './alert-rows.tsx'
import { AlertSubject } from './alert-subject.tsx'
import styles from './alerts-page.module.css'
import { SilenceForm } from './silence-form.tsx'
import { SilenceList } from './silence-list.tsx'

const route = getRouteApi('/alerts')
const STATE_WORDS = { open: 'alertOpen', acknowledged: 'alertAcknowledged', resolved: 'alertResolved' } as const satisfies Record<
  Alert['state'],
  PlainWord
>
/** Asked again while the page is open: an alert that nobody sees is none. */
const EVERY_MS = 10_000

/** The inbox: every alert, whether a channel was told or not. */
export function AlertsPage() {
  const words = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  usePageKeys(
    rowKeys([
      ['Enter', 'keyOpen', 'open'],
      ['a', 'acknowledge', 'ack'],
      ['s', 'silence', 'silence'],
      ['x r', 'resolve', 'resolve'],
    ]),
  )
  const alerts = useQuery({
    queryKey: ['alerts', search],
    queryFn: ({ signal }) =>
      client.alerts({ limit: 200, ...(search.state === undefined ? {} : { state: search.state }) }, signal),
    refetchInterval: EVERY_MS,
  })
  return (
    <div className={styles.page}>
      <title>{`${words.alerts} · podwitness`}</title>
      <div className={styles.head}>
        <h1 className={styles.title}>{words.alerts}</h1>
        <p className={styles.lead}>{words.alertsLead}</p>
      </div>
      <fieldset className={styles.states}>
        <legend className="hidden-text">{words.alertState}</legend>
        {[undefined, ...ALERT_STATES].map((state) => (
          <button
            key={state ?? 'all'}
            type="button"
            className={controls.button}
            data-set={search.state === state}
            aria-pressed={search.state === state}
            onClick={() => void navigate({ search: (before) => ({ ...before, state }), replace: true })}
          >
            {state === undefined ? words.allAlerts : words[STATE_WORDS[state]]}
            {state !== undefined && alerts.data !== undefined && (
              <span className={styles.soft}>{words.count(alerts.data.counts[state])}</span>
            )}
          </button>
        ))}
      </fieldset>
      {alerts.isError ? (
        <FailureNotice error={alerts.error} onRetry={() => void alerts.refetch()} />
      ) : alerts.data === undefined ? (
        <Loading />
      ) : alerts.data.alerts.length === 0 ? (
        <NoAlerts filtered={search.state !== undefined} counts={alerts.data.counts} />
      ) : (
        <ul className={styles.list} aria-label={words.alerts}>
          {alerts.data.alerts.map((alert) => (
            <AlertItem key={alert.alertId} alert={alert} />
          ))}
        </ul>
      )}
      <SilenceList />
    </div>
  )
}

/** No alert at all, or none in this state. */
function NoAlerts({ filtered, counts }: { readonly filtered: boolean; readonly counts: Record<Alert['state'], number> }) {
  const words = useWords()
  const all = counts.open + counts.acknowledged + counts.resolved
  return (
    <section className={notice.notice}>
      <h2 className={notice.title}>{filtered && all > 0 ? words.noAlertsInState : words.noAlerts}</h2>
      {filtered && all > 0 ? (
        <Link to="/alerts" search={{}}>
          {words.showAllAlerts(all)}
        </Link>
      ) : (
        <Link to="/rules">{words.rules}</Link>
      )}
    </section>
  )
}

function AlertItem({ alert }: { readonly alert: Alert }) {
  const words = useWords()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [silencing, setSilencing] = useState(false)
  const settled = () => queries.invalidateQueries({ queryKey: ['alerts'] })
  const ack = useMutation({ mutationFn: () => client.ackAlert(alert.alertId), onSettled: settled })
  const resolve = useMutation({ mutationFn: () => client.resolveAlert(alert.alertId), onSettled: settled })
  const failure = ack.error ?? resolve.error
  return (
    <li {...ROW} className={styles.alert} data-severity={alert.severity} data-state={alert.state}>
      <div className={styles.line}>
        <RiskBadge risk={alert.severity} reason="" />
        <h2 className={styles.rule}>
          <RecordedText text={alert.ruleName} limit={120} />
        </h2>
        <span className={styles.soft}>{words[STATE_WORDS[alert.state]]}</span>
        <time className={styles.soft} dateTime={alert.created} title={localText(alert.created)}>
          {dateTimeText(alert.created)}
        </time>
        <span className={styles.acts}>
          {alert.state === 'open' && (
            <button type="button" data-act="ack" className={controls.button} onClick={() => ack.mutate()}>
              {words.acknowledge}
            </button>
          )}
          {alert.state !== 'resolved' && (
            <button type="button" data-act="resolve" className={controls.button} onClick={() => resolve.mutate()}>
              {words.resolve}
            </button>
          )}
          <button
            type="button"
            data-act="silence"
            className={controls.button}
            aria-expanded={silencing}
            onClick={() => setSilencing(!silencing)}
          >
            {words.silence}
          </button>
          <button type="button" data-act="open" className={controls.quiet} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.lessOf : words.rowsShown(alert.count)}
          </button>
        </span>
      </div>
      <AlertSubject alert={alert} />
      {alert.reason !== '' && (
        <p className={styles.reason}>
          <RecordedText text={alert.reason} limit={400} />
        </p>
      )}
      {alert.silenced !== '' && (
        <p className={styles.soft}>
          {words.silencedBy} <RecordedText text={alert.silenced} limit={200} />
        </p>
      )}
      {failure !== null && <p role="alert">{failure.message}</p>}
      {silencing && <SilenceForm alert={alert} onDone={() => setSilencing(false)} />}
      {open && <AlertRows alert={alert} />}
    </li>
  )
}
