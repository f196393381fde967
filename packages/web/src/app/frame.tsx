import type { Me } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { meQuery, openAlertsQuery } from '../data/queries.ts'
import { useSignOut } from '../data/use-sign-out.ts'
import { HelpDialog } from '../keys/help-dialog.tsx'
import type { KeyBinding } from '../keys/key-binding.ts'
import { useActiveBindings, useKeyListener, usePageKeys } from '../keys/use-page-keys.ts'
import { PaletteGate } from '../palette/palette-gate.tsx'
import { changePreferences, LANGUAGES, THEMES, usePreferences } from '../preferences.ts'
import { ROLE_WORDS } from '../settings/access/role-words.ts'
import { inertText } from '../text/visible-text.ts'
import { TourRibbon } from '../tour/tour-ribbon.tsx'
import { LANGUAGE_NAMES, THEME_WORDS, useWords } from '../words/use-words.ts'
import { FirstPassword } from './first-password.tsx'
import styles from './frame.module.css'
import { InboxBell } from './inbox-bell.tsx'
import { SignIn } from './sign-in.tsx'

/** What surrounds every page: the bar on top, the keys, and the question who is signed in. */
export function Frame() {
  const me = useQuery(meQuery)
  if (me.isPending) return <Loading />
  if (me.isError) {
    const signedOut = 'status' in me.error && me.error.status === 401
    return signedOut ? <SignIn /> : <FailureNotice error={me.error} onRetry={() => void me.refetch()} />
  }
  if (me.data.needsPassword) return <FirstPassword />
  return <SignedIn me={me.data} />
}

function SignedIn({ me }: { readonly me: Me }) {
  const { clusters } = me
  const words = useWords()
  const navigate = useNavigate()
  const [help, setHelp] = useState<readonly KeyBinding[] | null>(null)
  useKeyListener()
  const bindings = useActiveBindings()
  usePageKeys([
    { keys: '?', word: 'keyHelp', act: () => setHelp(bindings) },
    { keys: 'g o', word: 'toOverview', act: () => void navigate({ to: '/' }) },
    { keys: 'g h', word: 'toHunt', act: () => void navigate({ to: '/hunt' }) },
    { keys: 'g l', word: 'toLive', act: () => void navigate({ to: '/tail' }) },
    { keys: 'g a', word: 'toAlerts', act: () => void navigate({ to: '/alerts' }) },
    { keys: 'g r', word: 'toRules', act: () => void navigate({ to: '/rules' }) },
    { keys: 'g n', word: 'toNodes', act: () => void navigate({ to: '/nodes' }) },
    { keys: 'g i', word: 'toIntegrity', act: () => void navigate({ to: '/integrity' }) },
    { keys: 'g ,', word: 'toSettings', act: () => void navigate({ to: '/settings' }) },
    { keys: 'g s', word: 'toSessions', act: () => void navigate({ to: '/sessions' }) },
  ])
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {words.skip}
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.name}>
          podwitness
        </Link>
        <nav className={styles.nav}>
          <Link
            to="/"
            className={styles.page}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {words.toOverview}
          </Link>
          <Link to="/sessions" className={styles.page} activeProps={{ 'aria-current': 'page' }}>
            {words.sessions}
          </Link>
          <Link
            to="/hunt"
            className={styles.page}
            activeOptions={{ includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {words.hunt}
          </Link>
          {PLAIN_PAGES.map(([to, word]) => (
            <Link
              key={to}
              to={to}
              className={styles.page}
              activeOptions={{ includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {words[word]}
              {to === '/alerts' && <OpenAlerts />}
            </Link>
          ))}
          <Link to="/integrity" className={styles.page} activeProps={{ 'aria-current': 'page' }}>
            {words.integrity}
          </Link>
          <Link to="/settings" className={styles.page} activeProps={{ 'aria-current': 'page' }}>
            {words.settings}
          </Link>
        </nav>
        {clusters.length > 0 && <span className={styles.cluster}>{words.clusters(inertText(clusters.join(', ')))}</span>}
        <Choices me={me} onHelp={() => setHelp(bindings)} />
      </header>
      <TourRibbon />
      <main id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
      <HelpDialog open={help !== null} bindings={help ?? []} onOpenChange={(open) => setHelp(open ? bindings : null)} />
    </div>
  )
}

/** The number of open alerts, where there are any. */
function OpenAlerts() {
  const words = useWords()
  const { data = 0 } = useQuery(openAlertsQuery)
  if (data === 0) return null
  return (
    <span className={styles.badge} title={words.openAlerts(data)}>
      <span aria-hidden="true">{data > 99 ? '99+' : data}</span>
      <span className="hidden-text">{words.openAlerts(data)}</span>
    </span>
  )
}

const PLAIN_PAGES = [
  ['/tail', 'live'],
  ['/alerts', 'alerts'],
  ['/rules', 'rules'],
  ['/nodes', 'nodes'],
] as const

function Choices({ me, onHelp }: { readonly me: Me; readonly onHelp: () => void }) {
  const words = useWords()
  const { theme, language } = usePreferences()
  const signOut = useSignOut()
  return (
    <div className={styles.choices}>
      <PaletteGate />
      <InboxBell />
      <select
        className={styles.choice}
        aria-label={words.language}
        value={language}
        onChange={(event) => changePreferences({ language: LANGUAGES.find((one) => one === event.target.value) ?? 'en' })}
      >
        {LANGUAGES.map((one) => (
          <option key={one} value={one} lang={one === 'zh' ? 'zh-CN' : 'en'}>
            {LANGUAGE_NAMES[one]}
          </option>
        ))}
      </select>
      <select
        className={styles.choice}
        aria-label={words.theme}
        value={theme}
        onChange={(event) => changePreferences({ theme: THEMES.find((one) => one === event.target.value) ?? 'system' })}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {words[THEME_WORDS[one]]}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={controls.quiet}
        onClick={onHelp}
        aria-label={words.keyboardHelp}
        title={words.keyboardHelp}
      >
        ?
      </button>
      <Link
        to="/settings/$section"
        params={{ section: 'access' }}
        className={controls.quiet}
        title={words.signedInAs(inertText(me.user))}
      >
        {inertText(me.user)} · {words[ROLE_WORDS[me.role]]}
      </Link>
      <button type="button" className={controls.quiet} onClick={signOut}>
        {words.signOut}
      </button>
    </div>
  )
}
