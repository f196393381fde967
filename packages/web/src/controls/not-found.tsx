import { Link } from '@tanstack/react-router'
import { useWords } from '../words/use-words.ts'
import notice from './notice.module.css'

/** An address that no page has. */
export function NotFound() {
  const words = useWords()
  return (
    <section className={notice.notice}>
      <h1 className={notice.title}>{words.notFound}</h1>
      <p>
        <Link to="/sessions">{words.toSessions}</Link>
      </p>
    </section>
  )
}
