import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ConfirmButton } from '../controls/confirm-button.tsx'
import { PlainTable } from '../controls/plain-table.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { inertText } from '../text/visible-text.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './alerts-page.module.css'

/** Silences that are in force or to come, where there are any: what is kept from channels must not be forgotten. */
export function SilenceList() {
  const words = useWords()
  const queries = useQueryClient()
  const { data } = useQuery({ queryKey: ['silences'], queryFn: ({ signal }) => client.silences(signal) })
  const remove = useMutation({
    mutationFn: client.removeSilence,
    onSettled: () => queries.invalidateQueries({ queryKey: ['silences'] }),
  })
  const running = (data?.silences ?? []).filter(({ to }) => Date.parse(to) > Date.now())
  if (running.length === 0) return null
  return (
    <section>
      <h2 className={styles.part}>{words.silences}</h2>
      <PlainTable
        label={words.silences}
        columns={[
          { title: words.silenceWhat },
          { title: words.silenceWhy },
          { title: words.silenceUntil },
          { title: words.remove, quiet: true },
        ]}
        rows={running.map(({ id, matchers, reason, to, by }) => ({
          key: id,
          cells: [
            <RecordedText
              key="what"
              text={
                Object.entries(matchers)
                  .map(([name, value]) => `${name} = ${value}`)
                  .join(', ') || words.silenceAll
              }
              limit={200}
            />,
            <span key="why">
              <RecordedText text={reason} limit={200} /> <span className={styles.soft}>{inertText(by)}</span>
            </span>,
            dateTimeText(to),
            <ConfirmButton
              key="remove"
              word="remove"
              confirm="reallyRemove"
              about={reason}
              disabled={remove.isPending}
              onConfirm={() => remove.mutate(id)}
            />,
          ],
        }))}
      />
      {remove.error !== null && <p role="alert">{inertText(remove.error.message)}</p>}
    </section>
  )
}
