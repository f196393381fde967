import type { Integrity, IntegrityFinding } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import notice from '../controls/notice.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { integrityQuery } from '../data/queries.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './integrity-page.module.css'

/** Whether the store still holds what was put into it; a check can be started here. */
export function IntegrityPage() {
  const words = useWords()
  const queries = useQueryClient()
  const integrity = useQuery(integrityQuery)
  const check = useMutation({
    mutationFn: () => client.checkIntegrity(),
    onSuccess: (state) => queries.setQueryData(integrityQuery.queryKey, state),
  })
  const start = () => {
    if (integrity.data?.available === true && !integrity.data.running) check.mutate()
  }
  usePageKeys([{ keys: 'v', word: 'verifyNow', act: start }])
  const failure = integrity.error ?? check.error
  return (
    <div className={styles.page}>
      <title>{`${words.integrity} · podwitness`}</title>
      <h1 className={styles.title}>{words.integrity}</h1>
      <p className={styles.lead}>{words.integrityLead}</p>
      {failure !== null ? (
        <FailureNotice error={failure} onRetry={() => void integrity.refetch()} />
      ) : integrity.data === undefined ? (
        <Loading />
      ) : integrity.data.available ? (
        <Checked integrity={integrity.data} onStart={start} />
      ) : (
        <p className={notice.notice}>{words.noLedger}</p>
      )}
    </div>
  )
}

function Checked({ integrity, onStart }: { readonly integrity: Integrity; readonly onStart: () => void }) {
  const words = useWords()
  const { running, done, all, intact, rows, batches, key, chains, findings, finished, failure } = integrity
  return (
    <>
      <section className={styles.verdict} data-intact={intact ?? 'unknown'} aria-live="polite">
        <p className={styles.word}>
          {running ? words.checking : intact === null ? words.notChecked : intact ? words.intact : words.notIntact}
        </p>
        {running && (
          <>
            <progress className={styles.progress} max={Math.max(1, all)} value={done} aria-label={words.checking} />
            <p className={styles.soft}>{words.batchesDone(done, all)}</p>
          </>
        )}
        {!running && intact !== null && <p>{words.signedRows(rows, batches)}</p>}
        {!running && intact === false && <p>{words.notIntactDo}</p>}
        {failure !== '' && <p role="alert">{failure}</p>}
        <button type="button" className={controls.primary} disabled={running} onClick={onStart}>
          {words.verifyNow}
        </button>
        {finished !== '' && !running && <p className={styles.soft}>{words.checkedAt(dateTimeText(finished))}</p>}
      </section>
      {findings.length > 0 && <Findings findings={findings} />}
      {chains.length > 0 && (
        <section>
          <h2 className={styles.part}>{words.heads}</h2>
          <p className={styles.soft}>{words.headsMean}</p>
          <dl className={styles.heads}>
            {chains.map(({ chain, entries, head }) => (
              <div key={chain}>
                <dt>{words.chainOf(chain, entries)}</dt>
                <dd className={styles.code}>{head}</dd>
              </div>
            ))}
            <div>
              <dt>{words.signingKey}</dt>
              <dd className={styles.code}>{key}</dd>
            </div>
          </dl>
        </section>
      )}
      <p className={styles.soft}>{words.integrityLimits}</p>
    </>
  )
}

function Findings({ findings }: { readonly findings: readonly IntegrityFinding[] }) {
  const words = useWords()
  return (
    <section>
      <h2 className={styles.part}>{words.findings}</h2>
      <ul className={styles.findings}>
        {findings.map((finding) => (
          <li
            key={`${finding.code} ${finding.chain ?? ''} ${finding.seq ?? ''} ${finding.batch ?? ''}`}
            data-severity={finding.severity}
          >
            <strong>{finding.severity === 'alarm' ? words.alarm : words.note}</strong> <code>{finding.code}</code>{' '}
            <RecordedText text={finding.message} limit={400} />
            <span className={styles.soft}>
              {finding.batch !== undefined && (
                <>
                  {' · '}
                  {words.batch} <RecordedText text={finding.batch} limit={60} />
                </>
              )}
              {finding.chain !== undefined && ` · ${finding.chain} ${finding.seq ?? ''}`}
              {finding.from !== undefined &&
                ` · ${words.eventsBetween(dateTimeText(finding.from), dateTimeText(finding.to ?? ''))}`}
              {finding.sources !== undefined && finding.sources.length > 0 && (
                <>
                  {' · '}
                  <RecordedText text={finding.sources.join(', ')} limit={120} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
