import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { eventQuery } from '../data/queries.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import styles from './event.module.css'
import { EventSentence } from './event-sentence.tsx'
import { RawLines } from './raw-lines.tsx'

interface EventDrawerProps {
  readonly eventId: string
  /** Goes to the command before (-1) or after (1). */
  readonly onStep: (by: number) => void
  readonly onClose: () => void
}

/** The raw records of a command, beside the session they belong to. */
export function EventDrawer({ eventId, onStep, onClose }: EventDrawerProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={controls.backdrop} />
        <Dialog.Popup className={styles.drawer}>
          <Records eventId={eventId} onStep={onStep} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Records({ eventId, onStep }: Pick<EventDrawerProps, 'eventId' | 'onStep'>) {
  const words = useWords()
  const event = useQuery(eventQuery(eventId))
  usePageKeys(
    [
      { keys: 'j', word: 'keyNextRow', act: () => onStep(1) },
      { keys: 'k', word: 'keyPreviousRow', act: () => onStep(-1) },
      { keys: 'Escape', word: 'keyOut' },
    ],
    true,
  )
  return (
    <>
      <header className={styles.drawerHead}>
        <Dialog.Title className={styles.title}>{words.rawRecord}</Dialog.Title>
        <Link to="/e/$eventId" params={{ eventId }} className={controls.quiet}>
          {words.openEvent}
        </Link>
        <Dialog.Close className={controls.quiet} aria-label={words.close}>
          ✕
        </Dialog.Close>
      </header>
      {event.isPending ? (
        <Loading />
      ) : event.isError ? (
        <FailureNotice error={event.error} onRetry={() => void event.refetch()} />
      ) : (
        <>
          <p className={styles.sentence}>
            <EventSentence detail={event.data} />
          </p>
          <RawLines detail={event.data} />
        </>
      )}
    </>
  )
}
