import packages from 'virtual:third-party'
import { useQuery } from '@tanstack/react-query'
import { Asked } from '../../controls/asked.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { meQuery } from '../../data/queries.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** Which podwitness this is, under which licence, and whose work it stands on. */
export const about: SettingsSection = { id: 'about', word: 'about', lead: 'aboutLead', Content: About }

function About() {
  const words = useWords()
  const me = useQuery(meQuery)
  return (
    <>
      <Asked query={me}>
        {({ version }) => (
          <dl className={styles.facts}>
            <div>
              <dt>{words.version}</dt>
              <dd>{version}</dd>
            </div>
            <div>
              <dt>{words.licence}</dt>
              <dd>Apache-2.0</dd>
            </div>
          </dl>
        )}
      </Asked>
      <details className={styles.fold}>
        <summary>
          {words.thirdParty} <span className={styles.soft}>{words.count(packages.length)}</span>
        </summary>
        <p className={styles.soft}>{words.thirdPartyWhy}</p>
        <PlainTable
          label={words.thirdParty}
          columns={[{ title: words.nameOfPackage }, { title: words.version }, { title: words.licence }]}
          rows={packages.map(([name, version, licence]) => ({
            key: `${name} ${version}`,
            cells: [<code key="name">{name}</code>, version, licence],
          }))}
        />
      </details>
    </>
  )
}
