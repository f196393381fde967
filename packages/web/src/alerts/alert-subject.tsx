import type { Alert } from '@podwitness/api'
import { cellText } from '../text/cell-text.ts'
import { RecordedText } from '../text/recorded-text.tsx'
import { useWords } from '../words/use-words.ts'
import styles from './alerts-page.module.css'

/** Names under which the query languages call the account, the pod and the command, and those of common groupings. */
const SUBJECTS = [
  ['k8s.user.username', 'User', 'user', 'user_name'],
  ['k8s.pod.name', 'Pod', 'pod', 'k8s.pod.namespace', 'Namespace', 'namespace'],
  ['process.cmdline', 'CommandLine', 'cmdline', 'kubeobject.operation.podexecoptions.commandstr', 'Operation', 'request_uri'],
] as const
/** More accounts than this are counted, not listed. */
const LISTED = 4

/** Who, where and what an alert is about, in one line: the values its rows have, commonest words first. */
export function AlertSubject({ alert }: { readonly alert: Alert }) {
  const words = useWords()
  const parts = subjectOf(alert.rows)
  if (parts.length === 0) return null
  return (
    <p className={styles.subject}>
      {parts.map((values) => (
        <span key={values[0]}>
          {values.slice(0, LISTED).map((value) => (
            <RecordedText key={value} text={value} limit={100} />
          ))}
          {values.length > LISTED && <span className={styles.soft}>{words.andMore(values.length - LISTED)}</span>}
        </span>
      ))}
    </p>
  )
}

/** The different accounts, pods and commands of rows, in the order they come; a kind that no row has is left out. */
export function subjectOf(rows: Alert['rows']): string[][] {
  return SUBJECTS.map((names) => [
    ...new Set(rows.flatMap((row) => names.map((name) => cellText(row[name])).find((text) => text !== '') ?? [])),
  ]).filter((values) => values.length > 0)
}
