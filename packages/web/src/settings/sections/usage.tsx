import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Asked } from '../../controls/asked.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { client } from '../../data/client.ts'
import { sizeText } from '../../text/size-text.ts'
import { dateText } from '../../time/clock-text.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** What the store takes, how long it is kept, and for how long the disk lasts. */
export const usage: SettingsSection = { id: 'usage', word: 'usage', lead: 'usageLead', Content: UsageContent }

function UsageContent() {
  const words = useWords()
  const asked = useQuery({ queryKey: ['usage'], queryFn: ({ signal }) => client.usage(signal) })
  return (
    <Asked query={asked}>
      {({ engine, diskFreeBytes, diskTotalBytes, bytesPerDay, fullInDays, tables }) => (
        <>
          <dl className={styles.facts}>
            <div>
              <dt>{words.diskFree}</dt>
              <dd>{words.freeOf(sizeText(diskFreeBytes), sizeText(diskTotalBytes))}</dd>
            </div>
            <div>
              <dt>{words.growth}</dt>
              <dd>{words.perDay(sizeText(bytesPerDay))}</dd>
            </div>
            <div>
              <dt>{words.diskFull}</dt>
              <dd>{fullInDays === null ? words.neverFull : words.inDays(fullInDays)}</dd>
            </div>
            <div>
              <dt>{words.engine}</dt>
              <dd>ClickHouse {engine}</dd>
            </div>
          </dl>
          {tables.length === 0 ? (
            <p className={styles.soft}>{words.emptyStore}</p>
          ) : (
            <PlainTable
              label={words.usage}
              columns={[
                { title: words.stream },
                { title: words.keptFor, number: true },
                { title: words.rowsStored, number: true },
                { title: words.sizeOnDisk, number: true },
                { title: words.growth, number: true },
                { title: words.oldestRow },
                { title: words.newestRow },
              ]}
              rows={tables.map(({ table, days, rows, bytes, bytesPerDay: perDay, oldest, newest }) => ({
                key: table,
                cells: [
                  <code key="name">{table}</code>,
                  days === 0 ? words.forEver : words.days(days),
                  words.count(rows),
                  sizeText(bytes),
                  words.perDay(sizeText(perDay)),
                  oldest === '' ? '–' : dateText(oldest),
                  newest === '' ? '–' : dateText(newest),
                ],
              }))}
            />
          )}
          <h2 className={styles.part}>{words.changeRetention}</h2>
          <p className={styles.soft}>{words.changeRetentionHow}</p>
          <p>
            <Link to="/settings/$section" params={{ section: 'streams' }}>
              {words.streams}
            </Link>
          </p>
        </>
      )}
    </Asked>
  )
}
