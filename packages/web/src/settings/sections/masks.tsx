import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Asked } from '../../controls/asked.tsx'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { client } from '../../data/client.ts'
import { masksQuery } from '../../data/settings-queries.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** What is hidden before it is stored. */
export const masks: SettingsSection = { id: 'masks', word: 'masks', lead: 'masksLead', Content: Masks }

/** Something to begin with in the test box. */
const EXAMPLE = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"example","stage":"ResponseComplete",
 "requestURI":"/api/v1/namespaces/shop/secrets","verb":"create","user":{"username":"alice"},
 "objectRef":{"resource":"secrets","namespace":"shop","name":"db","apiVersion":"v1"},
 "requestObject":{"kind":"Secret","data":{"password":"aHVudGVyMg=="}},
 "requestReceivedTimestamp":"2026-11-21T02:52:43.000000Z","stageTimestamp":"2026-11-21T02:52:43.010000Z"}`

function Masks() {
  const words = useWords()
  const asked = useQuery(masksQuery)
  return (
    <>
      <h2 className={styles.part}>{words.maskedHere}</h2>
      <p className={styles.soft}>{words.maskedHereHow}</p>
      <Asked query={asked}>
        {({ api, nodes }) => (
          <>
            {api.length === 0 ? (
              <p className={styles.soft}>{words.nothingMasked}</p>
            ) : (
              <PlainTable
                label={words.maskedHere}
                columns={[
                  { title: words.resource },
                  { title: words.eventsStored, number: true },
                  { title: words.valuesMasked, number: true },
                ]}
                rows={api.map(({ resource, events, values }) => ({
                  key: resource,
                  cells: [<RecordedText key="name" text={resource} limit={80} />, words.count(events), words.count(values)],
                }))}
              />
            )}
            <h2 className={styles.part}>{words.maskedOnNodes}</h2>
            <p className={styles.soft}>{words.maskedOnNodesHow}</p>
            {nodes.length === 0 ? (
              <p className={styles.soft}>{words.noNodesHeard}</p>
            ) : (
              <PlainTable
                label={words.maskedOnNodes}
                columns={[{ title: words.node }, { title: words.cluster }, { title: words.eventsMasked, number: true }]}
                rows={nodes.map(({ cluster, node, redacted }) => ({
                  key: `${cluster}/${node}`,
                  cells: [
                    <RecordedText key="node" text={node} limit={120} />,
                    <RecordedText key="cluster" text={cluster} limit={80} />,
                    redacted === null ? words.hidesNothing : words.count(redacted),
                  ],
                }))}
              />
            )}
          </>
        )}
      </Asked>
      <h2 className={styles.part}>{words.tryMasks}</h2>
      <MaskTest />
    </>
  )
}

function MaskTest() {
  const words = useWords()
  const [event, setEvent] = useState(EXAMPLE)
  const test = useMutation({ mutationFn: () => client.testMasks({ event }) })
  return (
    <form
      className={styles.box}
      onSubmit={(submitted) => {
        submitted.preventDefault()
        test.mutate()
      }}
    >
      <label className={styles.labelled}>
        {words.apiEventJson}
        <textarea
          className={styles.code}
          rows={6}
          spellCheck={false}
          value={event}
          onChange={(changed) => setEvent(changed.target.value)}
        />
      </label>
      <p>
        <button type="submit" className={controls.button} disabled={test.isPending || event.trim().length < 2}>
          {words.tryIt}
        </button>
      </p>
      <div role="status">
        {test.data !== undefined &&
          (test.data.fault !== '' ? (
            <p>
              {words.notAnApiEvent} <RecordedText text={test.data.fault} limit={300} />
            </p>
          ) : (
            <>
              <p>{words.wouldMask(test.data.masked)}</p>
              <pre className={styles.stored}>
                <RecordedText text={test.data.stored} limit={20_000} />
              </pre>
            </>
          ))}
      </div>
      {test.error !== null && <FailureNotice error={test.error} />}
    </form>
  )
}
