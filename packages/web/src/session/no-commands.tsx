import type { SessionDetail } from '@podwitness/api'
import { useWords } from '../words/use-words.ts'
import styles from './session-page.module.css'

/** Why a session has no commands. */
export function NoCommands({ session }: { readonly session: SessionDetail }) {
  const words = useWords()
  const reason = {
    denied: words.noCommandsDenied,
    refused: words.noCommandsRefused,
    'no-process': words.noCommandsMissing,
    unseen: words.noCommandsUnseen,
    started: session.entry === 'portforward' ? words.noCommandsPortforward : words.noCommands,
    unknown: words.noCommands,
  }[session.outcome]
  return <p className={styles.soft}>{reason}</p>
}
