import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../../app/queries.ts'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { Loading } from '../../controls/loading.tsx'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** Which podwitness this is, and under which licence. */
export const about: SettingsSection = { id: 'about', word: 'about', lead: 'aboutLead', Content: About }

function About() {
  const words = useWords()
  const me = useQuery(meQuery)
  if (me.isError) return <FailureNotice error={me.error} onRetry={() => void me.refetch()} />
  if (me.data === undefined) return <Loading />
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{words.version}</dt>
        <dd>{me.data.version}</dd>
      </div>
      <div>
        <dt>{words.licence}</dt>
        <dd>Apache-2.0</dd>
      </div>
    </dl>
  )
}
