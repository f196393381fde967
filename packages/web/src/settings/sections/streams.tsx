import type { StoreStatusReply } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Asked } from '../../controls/asked.tsx'
import { ConfirmButton } from '../../controls/confirm-button.tsx'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { client } from '../../data/client.ts'
import { meQuery } from '../../data/queries.ts'
import { storeStatusQuery } from '../../data/settings-queries.ts'
import { sizeText } from '../../text/size-text.ts'
import type { PlainWord } from '../../words/catalogue.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** How long each kind of data is kept. */
export const streams: SettingsSection = { id: 'streams', word: 'streams', lead: 'streamsLead', Content: Streams }

type Stream = StoreStatusReply['streams'][number]
const MOST_DAYS = 36_500
const STREAM_WORDS = {
  events: 'streamEvents',
  api: 'streamApi',
  files: 'streamFiles',
  network: 'streamNetwork',
  logs: 'streamLogs',
  sessions: 'streamSessions',
  samples: 'streamSamples',
  health: 'streamHealth',
  alerts: 'streamAlerts',
} as const satisfies Record<Stream['stream'], PlainWord>

function Streams() {
  const words = useWords()
  const asked = useQuery(storeStatusQuery)
  const mayChange = useQuery(meQuery).data?.rights.includes('change') === true
  return (
    <Asked query={asked}>
      {({ streams: list, holds, fullInDays }) => (
        <>
          <p className={styles.note}>
            {words.keepingLead} {fullInDays === null ? words.neverRefused : words.refusedInDays(fullInDays)}
            {holds > 0 && ` ${words.holdsKeep(holds)}`}
          </p>
          <PlainTable
            label={words.streams}
            columns={[
              { title: words.kindOfData },
              { title: words.keptDays },
              { title: words.rowsStored, number: true },
              { title: words.sizeOnDisk, number: true },
              { title: words.growth, number: true },
              { title: words.steadySize, number: true },
            ]}
            rows={list.map((stream) => ({
              key: stream.stream,
              cells: [
                words[STREAM_WORDS[stream.stream]],
                // Made anew where the days are others: what was typed is then done with.
                mayChange ? <Days key={`days ${stream.days}`} stream={stream} /> : daysText(stream.days, words),
                words.count(stream.rows),
                sizeText(stream.bytes),
                words.perDay(sizeText(stream.bytesPerDay)),
                sizeText(stream.steadyBytes),
              ],
            }))}
          />
        </>
      )}
    </Asked>
  )
}

const daysText = (days: number, words: ReturnType<typeof useWords>): string => (days === 0 ? words.forEver : words.days(days))

/** The days of one stream. Fewer of them delete data, so that is asked once more. */
function Days({ stream: { stream, days } }: { readonly stream: Stream }) {
  const words = useWords()
  const queries = useQueryClient()
  const [typed, setTyped] = useState(days === 0 ? '' : String(days))
  const save = useMutation({
    mutationFn: (wanted: number) => client.setRetention({ [stream]: wanted }),
    onSuccess: (status) => {
      queries.setQueryData(storeStatusQuery.queryKey, status)
      return queries.invalidateQueries({ queryKey: ['usage'] })
    },
  })
  const wanted = Number(typed)
  const sound = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST_DAYS
  const name = words[STREAM_WORDS[stream]]
  return (
    <>
      <input
        className={controls.field}
        type="number"
        min={1}
        max={MOST_DAYS}
        aria-label={words.daysOf(name)}
        placeholder={words.forEver}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />{' '}
      {sound && wanted !== days && (
        <ConfirmButton
          word="save"
          confirm={days === 0 || wanted < days ? 'deleteOlder' : 'keepLonger'}
          about={name}
          disabled={save.isPending}
          onConfirm={() => save.mutate(wanted)}
        />
      )}
      {save.error !== null && <FailureNotice error={save.error} />}
    </>
  )
}
