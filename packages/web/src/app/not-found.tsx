import { Link } from '@tanstack/react-router'
import notice from '../controls/notice.module.css'
import { useWords } from '../words/use-words.ts'

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
