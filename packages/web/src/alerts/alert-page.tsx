import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Asked } from '../controls/asked.tsx'
import { client } from '../data/client.ts'
import { useWords } from '../words/use-words.ts'
import { AlertItem } from './alert-item.tsx'
import styles from './alerts-page.module.css'

const route = getRouteApi('/alerts/$alertId')

/** One alert: where the links of messages lead. */
export function AlertPage() {
  const words = useWords()
  const { alertId } = route.useParams()
  const asked = useQuery({ queryKey: ['alerts', 'one', alertId], queryFn: ({ signal }) => client.alert(alertId, signal) })
  return (
    <div className={styles.page}>
      <title>{`${words.alert} · podwitness`}</title>
      <div className={styles.head}>
        <h1 className={styles.title}>{words.alert}</h1>
        <p className={styles.lead}>
          <Link to="/alerts">{words.toAllAlerts}</Link>
        </p>
      </div>
      <Asked query={asked}>
        {({ alert }) => (
          <ul className={styles.list} aria-label={words.alert}>
            <AlertItem alert={alert} unfolded />
          </ul>
        )}
      </Asked>
    </div>
  )
}
