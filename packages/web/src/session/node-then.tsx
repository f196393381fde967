import type { SessionDetail } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import { kqlText } from '../hunt/kql-literal.ts'
import { useWords } from '../words/use-words.ts'
import styles from './session-page.module.css'

/** How far around the start of a session the node is looked at. */
const AROUND = '2s'

/** Where nobody is named: the way to what ran on the node itself in those seconds, the client that entered among it. */
export function NodeThen({ session }: { readonly session: SessionDetail }) {
  const words = useWords()
  if (session.node === '') return null
  const q = `Commands
| where Cluster == ${kqlText(session.cluster)} and Node == ${kqlText(session.node)} and Placed == 'host'
| project TimeGenerated, AuditUid, Uid, ParentName, CommandLine, EventId
| order by TimeGenerated asc`
  return (
    <p className={styles.foot}>
      <Link to="/hunt" search={{ q, lang: 'kql', at: session.start, range: AROUND }}>
        {words.nodeThen}
      </Link>
    </p>
  )
}
