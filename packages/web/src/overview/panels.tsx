import type { Overview } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import { IdentityNote } from '../controls/identity-note.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { useWords } from '../words/use-words.ts'
import styles from './overview-page.module.css'

interface AccountsPanelProps {
  readonly accounts: Overview['accounts']
  /** All of them, listed or not, and the list of their sessions. */
  readonly total: number
  searchOf(user: string): SessionsSearch
}

/** How many of all are listed, where some are not. */
function Listed({ listed, total }: { readonly listed: number; readonly total: number }) {
  const words = useWords()
  return listed < total && <span className={styles.all}>{words.listedOf(listed, total)}</span>
}

/** Who entered, the riskiest first. */
export function AccountsPanel({ accounts, total, searchOf }: AccountsPanelProps) {
  const words = useWords()
  return (
    <section className={styles.panel}>
      <h2 className={styles.panelTitle}>
        {words.who} <Listed listed={accounts.filter(({ user }) => user !== '').length} total={total} />
      </h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.account}</th>
            <th scope="col" className={styles.number}>
              {words.sessions}
            </th>
            <th scope="col" className={styles.number}>
              {words.risky}
            </th>
            <th scope="col">{words.risk}</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map(({ user, sessions, risky, risk }) => (
            <tr key={user}>
              <td>
                <Link to="/sessions" search={searchOf(user)}>
                  {user === '' ? words.nobody : <RecordedText text={user} limit={60} />}
                </Link>
                <IdentityNote account={user} />
              </td>
              <td className={styles.number}>{words.count(sessions)}</td>
              <td className={styles.number}>{words.count(risky)}</td>
              <td>
                <RiskBadge risk={risk} reason="" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface PodsPanelProps {
  readonly pods: Overview['enteredPods']
  /** All of them, listed or not. */
  readonly total: number
  searchOf(pod: Overview['enteredPods'][number]): SessionsSearch
}

/** Which pods were entered, the riskiest first. */
export function PodsPanel({ pods, total, searchOf }: PodsPanelProps) {
  const words = useWords()
  return (
    <section className={styles.panel}>
      <h2 className={styles.panelTitle}>
        {words.podsEntered} <Listed listed={pods.length} total={total} />
      </h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.pod}</th>
            <th scope="col" className={styles.number}>
              {words.entries}
            </th>
            <th scope="col" className={styles.number}>
              {words.accounts}
            </th>
            <th scope="col">{words.risk}</th>
          </tr>
        </thead>
        <tbody>
          {pods.map((pod) => (
            <tr key={`${pod.namespace}/${pod.pod}`}>
              <td>
                <Link to="/sessions" search={searchOf(pod)}>
                  <RecordedText text={`${pod.namespace}/${pod.pod}`} limit={60} />
                </Link>
              </td>
              <td className={styles.number}>{words.count(pod.entries)}</td>
              <td className={styles.number}>{words.count(pod.accounts)}</td>
              <td>
                <RiskBadge risk={pod.risk} reason="" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
