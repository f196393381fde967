import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { NotFound } from '../controls/not-found.tsx'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import { SECTIONS } from './sections/index.ts'
import styles from './settings-page.module.css'

/** Settings: a menu of sections, and the one that the address names; the first where it names none. */
export function SettingsPage() {
  const words = useWords()
  const navigate = useNavigate()
  const { section: id } = useParams({ strict: false })
  const at = id === undefined ? 0 : SECTIONS.findIndex((section) => section.id === id)
  const goTo = (index: number) => {
    const next = SECTIONS[index]
    if (next !== undefined) void navigate({ to: '/settings/$section', params: { section: next.id } })
  }
  usePageKeys([
    { keys: ']', word: 'keyNextSection', act: () => goTo(at + 1) },
    { keys: '[', word: 'keyPreviousSection', act: () => goTo(at - 1) },
  ])
  const shown = SECTIONS[at]
  if (shown === undefined) return <NotFound />
  const { Content } = shown
  return (
    <div className={styles.page}>
      <title>{`${words[shown.word]} · ${words.settings} · podwitness`}</title>
      <nav className={styles.menu} aria-label={words.settings}>
        <p className={styles.menuTitle}>{words.settings}</p>
        {SECTIONS.map((section) => (
          <Link
            key={section.id}
            to="/settings/$section"
            params={{ section: section.id }}
            className={styles.entry}
            aria-current={section === shown ? 'page' : undefined}
          >
            {words[section.word]}
          </Link>
        ))}
      </nav>
      <div className={styles.section}>
        <h1 className={styles.title}>{words[shown.word]}</h1>
        <p className={styles.lead}>{words[shown.lead]}</p>
        <Content />
      </div>
    </div>
  )
}
