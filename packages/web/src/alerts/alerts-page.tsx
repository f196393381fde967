import { ALERT_STATES, type Alert } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import notice from '../controls/notice.module.css'
import { client } from '../data/client.ts'
import { rowKeys } from '../keys/row-keys.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import { AlertItem, STATE_WORDS } from './alert-item.tsx'
import styles from './alerts-page.module.css'
import { SilenceList } from './silence-list.tsx'

const route = getRouteApi('/alerts')
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
