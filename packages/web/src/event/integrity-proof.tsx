import type { EventProofReply } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { Asked } from '../controls/asked.tsx'
import { CommandBlock } from '../controls/command-block.tsx'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { saveAs } from '../hunt/export-rows.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './event.module.css'

/** Whether a signature stands behind the event, as the server found just now, and the proof to take away. */
export function IntegrityProof({ eventId }: { readonly eventId: string }) {
  const words = useWords()
  const proof = useQuery({ queryKey: ['proof', eventId], queryFn: ({ signal }) => client.eventProof(eventId, signal) })
  return (
    <Asked query={proof}>
      {(reply) =>
        reply.state === 'no-ledger' ? (
          <p className={styles.soft}>{words.noLedger}</p>
        ) : (
          <>
            <p className={styles.verdict} data-proven={reply.state === 'proven'}>
              <strong>{reply.state === 'proven' ? words.eventProven : words.eventNotProven}</strong>{' '}
              <span className={styles.soft}>{words.checkedHereAt(dateTimeText(reply.checked))}</span>
            </p>
            {reply.state === 'unproven' && <p>{words.notIntactDo}</p>}
            <Steps reply={reply} />
            {reply.proof !== null && <TakeAway proof={reply.proof} eventId={eventId} />}
          </>
        )
      }
    </Asked>
  )
}

/** From the bytes to the signature. */
function Steps({ reply: { leaf, batch, key, proof } }: { readonly reply: EventProofReply }) {
  const words = useWords()
  const [event] = proof?.events ?? []
  return (
    <>
      <dl className={styles.facts}>
        <dt>{words.eventHash}</dt>
        <dd>
          <code className={styles.hash}>{leaf || '–'}</code>
        </dd>
        {batch !== null && (
          <>
            <dt>{words.batch}</dt>
            <dd>
              <RecordedText text={batch.name} limit={120} /> · {words.placeOf(batch.place + 1, batch.rows)}
              {batch.adopted && <span className={styles.soft}> · {words.adoptedBatch}</span>}
            </dd>
            <dt>{words.merkleRoot}</dt>
            <dd>
              <code className={styles.hash}>{batch.root}</code>
            </dd>
            <dt>{words.ledgerEntry}</dt>
            <dd>
              {batch.chain} {batch.entry} · {dateTimeText(batch.signed)} UTC
              <br />
              <code className={styles.hash}>{batch.head}</code>
            </dd>
            <dt>{words.signingKey}</dt>
            <dd>
              <code className={styles.hash}>{key}</code>
            </dd>
          </>
        )}
      </dl>
      {event !== undefined && event.path.length > 0 && (
        <details>
          <summary>{words.merklePath(event.path.length)}</summary>
          <ol className={styles.path}>
            {event.path.map(({ side, hash }) => (
              <li key={hash}>
                <span className={styles.soft}>{side === 'left' ? words.onTheLeft : words.onTheRight}</span>{' '}
                <code className={styles.hash}>{hash}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  )
}

interface TakeAwayProps {
  readonly proof: NonNullable<EventProofReply['proof']>
  readonly eventId: string
}

function TakeAway({ proof, eventId }: TakeAwayProps) {
  const words = useWords()
  const text = `${JSON.stringify(proof, null, 1)}\n`
  const file = `podwitness-proof-${eventId.replace(/[^\w-]/g, '').slice(0, 40)}.json`
  return (
    <>
      <p className={styles.nav}>
        <button type="button" className={controls.button} onClick={() => saveAs(file, 'application/json', text)}>
          {words.saveProof}
        </button>
        <CopyButton text={text} word="copyProof" />
      </p>
      <p className={styles.soft}>{words.checkElsewhere}</p>
      <CommandBlock text={`podwitness verify --proof ${file} --key signing-key.pub.pem`} />
    </>
  )
}
