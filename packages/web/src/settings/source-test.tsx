import type { RouteReply, sourceTestRoute } from '@podwitness/api'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { client } from '../data/client.ts'
import { sizeText } from '../text/size-text.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './settings-page.module.css'

type Tested = RouteReply<typeof sourceTestRoute>
/** Good, not known to be, and wrong: as states of sources are shown. */
const SHAPES = { good: '●', open: '◔', wrong: '▲' } as const

/** Tries a way in when asked to, and says what was found in the order in which evidence comes. */
export function SourceTest({ intake, name }: { readonly intake: string; readonly name: string }) {
  const words = useWords()
  const test = useMutation({ mutationFn: () => client.testSource({ intake }) })
  return (
    <>
      <p>
        <button type="button" className={controls.button} disabled={test.isPending} onClick={() => test.mutate()}>
          {test.isPending ? words.testingSource : words.testSource(name)}
        </button>
      </p>
      <div role="status">
        {test.error !== null && <FailureNotice error={test.error} />}
        {test.data !== undefined && <Findings tested={test.data} intake={intake} />}
      </div>
    </>
  )
}

function Findings({ tested, intake }: { readonly tested: Tested; readonly intake: string }) {
  const words = useWords()
  const { addresses, reached, maySend, sent, files, lastReceived, refused } = tested
  return (
    <ul className={styles.findings}>
      <Finding is={addresses.length > 0 ? 'good' : 'wrong'}>
        {addresses.length > 0 ? (
          <>
            {words.testListens} <RecordedText text={addresses.join(', ')} limit={160} />
          </>
        ) : (
          words.testListensNot
        )}
      </Finding>
      {reached !== null && (
        <Finding is={reached.ok ? 'good' : 'wrong'}>
          {reached.ok ? words.testAnswers : words.testAnswersNot} <RecordedText text={reached.why} limit={200} />
        </Finding>
      )}
      {maySend !== null && (
        <Finding is={maySend > 0 ? 'good' : 'wrong'}>{maySend > 0 ? words.testMaySend(maySend) : words.testMaySendNot}</Finding>
      )}
      {files.map(({ path, sizeBytes, changed, why }) => (
        <Finding key={path} is={changed === null ? 'wrong' : 'good'}>
          <RecordedText text={path} limit={160} />{' '}
          {changed === null ? (
            <RecordedText text={why} limit={200} />
          ) : (
            words.testFile(sizeText(sizeBytes), dateTimeText(changed))
          )}
        </Finding>
      ))}
      {sent !== null && <SentRecord sent={sent} />}
      <Finding is={lastReceived === null ? 'open' : 'good'}>
        {lastReceived === null ? words.testNothingCame : words.testLastCame(dateTimeText(lastReceived))}
      </Finding>
      {refused.map(({ code, count }) => (
        <Finding key={code} is="wrong">
          {words.testRefused(count)} <code>{code}</code>
        </Finding>
      ))}
      {intake === 'apiserver-webhook' && (
        <Finding is="open">
          {words.testApiserver} <code>podwitness apiserver check webhook.yaml</code>
        </Finding>
      )}
    </ul>
  )
}

function SentRecord({ sent }: { readonly sent: NonNullable<Tested['sent']> }) {
  const words = useWords()
  const { outcome, eventId, elapsedMs, marker, why } = sent
  if (outcome === 'stored')
    return (
      <Finding is="good">
        {words.testCameBack(elapsedMs)}{' '}
        <Link to="/e/$eventId" params={{ eventId }}>
          <RecordedText text={marker} />
        </Link>
      </Finding>
    )
  return (
    <Finding is={outcome === 'lost' ? 'wrong' : 'open'}>
      {outcome === 'lost' ? words.testLost : words.testNotSent} <RecordedText text={`${marker} ${why}`.trim()} limit={300} />
    </Finding>
  )
}

function Finding({ is, children }: { readonly is: keyof typeof SHAPES; readonly children: ReactNode }) {
  return (
    <li data-finding={is}>
      <span aria-hidden="true">{SHAPES[is]}</span> {children}
    </li>
  )
}
