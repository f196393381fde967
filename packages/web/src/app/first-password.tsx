import { OwnPassword } from '../settings/access/own-password.tsx'
import { useWords } from '../words/use-words.ts'
import styles from './frame.module.css'

/** Who came by a link chooses a password before anything else: the link does not hold a second time. */
export function FirstPassword() {
  const words = useWords()
  return (
    <main className={styles.signIn}>
      <h1>{words.firstPassword}</h1>
      <p>{words.firstPasswordWhy}</p>
      <OwnPassword first />
    </main>
  )
}
