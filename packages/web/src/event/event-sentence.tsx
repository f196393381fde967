import type { EventDetail } from '@podwitness/api'
import { AccountName } from '../controls/account-name.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { useWords } from '../words/use-words.ts'

/** Who did what where, in one line. */
export function EventSentence({ detail }: { readonly detail: EventDetail }) {
  const words = useWords()
  const { event, session, placement } = detail
  const what = event.cmdline || `${event.verb || event.action} ${[event.resource, event.subresource].filter(Boolean).join('/')}`
  const pod = placement?.pod
    ? `${placement.namespace}/${placement.pod}`
    : [event.objectNamespace, event.objectName].filter(Boolean).join('/')
  return (
    <>
      {session !== null ? <AccountName session={session} /> : <RecordedText text={event.user || words.unnamed} limit={80} />}
      {' · '}
      <RecordedText text={what} limit={300} />
      {pod !== '' && (
        <>
          {' · '}
          <RecordedText text={pod} limit={200} />
        </>
      )}
    </>
  )
}
