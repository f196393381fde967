import type { AlertChannel } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Asked } from '../../controls/asked.tsx'
import { ConfirmButton } from '../../controls/confirm-button.tsx'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { client } from '../../data/client.ts'
import { channelsQuery } from '../../data/settings-queries.ts'
import { inertText } from '../../text/visible-text.ts'
import { useWords } from '../../words/use-words.ts'
import { NewChannel } from '../new-channel.tsx'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** Where messages of alerts go. */
export const channels: SettingsSection = { id: 'channels', word: 'channels', lead: 'channelsLead', Content: Channels }

function Channels() {
  const words = useWords()
  const asked = useQuery(channelsQuery)
  return (
    <Asked query={asked}>
      {({ channels: list, types }) => (
        <>
          {list.length === 0 ? (
            <p className={styles.note}>{words.noChannels}</p>
          ) : (
            <PlainTable
              label={words.channels}
              columns={[
                { title: words.channel },
                { title: words.channelType },
                { title: words.options },
                { title: words.channelTest },
                { title: words.remove, quiet: true },
              ]}
              rows={list.map((channel) => ({
                key: channel.id,
                cells: [
                  <span key="name">
                    <RecordedText text={channel.name} limit={120} /> <code className={styles.soft}>{inertText(channel.id)}</code>
                  </span>,
                  channel.type,
                  <Options key="options" channel={channel} />,
                  <Test key="test" id={channel.id} />,
                  <Remove key="remove" id={channel.id} />,
                ],
              }))}
            />
          )}
          <h2 className={styles.part}>{words.addChannel}</h2>
          <NewChannel types={types} taken={list.map(({ id }) => id)} />
        </>
      )}
    </Asked>
  )
}

function Options({ channel }: { readonly channel: AlertChannel }) {
  return Object.entries(channel.options).map(([name, value]) => (
    <div key={name}>
      <span className={styles.soft}>{inertText(name)}</span> <RecordedText text={value} limit={80} />
    </div>
  ))
}

/** Sends a message now and says what the vendor answered. */
function Test({ id }: { readonly id: string }) {
  const words = useWords()
  const test = useMutation({ mutationFn: () => client.testChannel(id) })
  return (
    <>
      <button type="button" className={controls.button} disabled={test.isPending} onClick={() => test.mutate()}>
        {words.sendTest}
        <span className="hidden-text"> {inertText(id)}</span>
      </button>
      <div role="status">
        {test.data !== undefined && (
          <>
            <strong>{test.data.ok ? words.channelTook : words.channelRefused}</strong>{' '}
            <RecordedText text={test.data.answer} limit={300} />
          </>
        )}
        {test.error !== null && <strong>{inertText(test.error.message)}</strong>}
      </div>
    </>
  )
}

function Remove({ id }: { readonly id: string }) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => client.removeChannel(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  })
  return (
    <>
      <ConfirmButton
        word="remove"
        confirm="reallyRemove"
        about={id}
        disabled={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
      {remove.error !== null && <FailureNotice error={remove.error} />}
    </>
  )
}
