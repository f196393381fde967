import type { SessionDetail } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { accountsOf } from '../controls/account-name.tsx'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { copyText } from '../controls/copy-text.ts'
import { FailedPage } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { sessionQuery } from '../data/queries.ts'
import { ApiCalls } from '../event/api-calls.tsx'
import { EventDrawer } from '../event/event-drawer.tsx'
import { usePageKeys } from '../keys/use-page-keys.ts'
import type { SessionSearch } from '../search/session-search.ts'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import { CommandDetails } from './command-details.tsx'
import { CommandList } from './command-list.tsx'
import { gapText } from './gap-text.ts'
import { NoCommands } from './no-commands.tsx'
import { NodeThen } from './node-then.tsx'
import { ProcessTree } from './process-tree.tsx'
import { ReplayControls } from './replay-controls.tsx'
import { SessionHead } from './session-head.tsx'
import styles from './session-page.module.css'
import { Timeline } from './timeline.tsx'

const route = getRouteApi('/s/$traceId')

/** One session: who, where, how sure, and what was run, down to the records as received. */
export function SessionPage() {
  const { traceId } = route.useParams()
  const session = useQuery(sessionQuery(traceId))
  if (session.isPending) return <Loading />
  if (session.isError) return <FailedPage word="session" error={session.error} onRetry={() => void session.refetch()} />
  return <Loaded key={traceId} session={session.data} />
}

function Loaded({ session }: { readonly session: SessionDetail }) {
  const words = useWords()
  const navigate = route.useNavigate()
  const { cmd, raw, find } = route.useSearch()
  const field = useRef<HTMLInputElement>(null)
  const found = useMemo(() => matching(session.commands, find), [session, find])
  const { commands } = session
  const selected = session.commands.find((command) => command.eventId === cmd)
  // What is scrolled stays so: the router would put it back where it was, over the command that is to come into sight.
  const change = (next: Partial<Record<keyof SessionSearch, unknown>>) =>
    void navigate({ search: (before) => ({ ...before, ...next }) as SessionSearch, replace: true, resetScroll: false })
  const select = (eventId: string | undefined) => eventId !== undefined && change({ cmd: eventId })
  const step = (by: number) => {
    const at = commands.findIndex((command) => command.eventId === cmd)
    select(commands[at < 0 ? (by > 0 ? 0 : commands.length - 1) : at + by]?.eventId)
  }
  const nextMatch = () => {
    const at = found.findIndex((command) => command.eventId === cmd)
    select(found[(at + 1) % found.length]?.eventId)
  }
  const openRaw = () => {
    if (selected !== undefined) change({ raw: true })
  }
  const neighbour = (traceId: string | null) =>
    traceId !== null && void navigate({ to: '/s/$traceId', params: { traceId }, search: find === undefined ? {} : { find } })
  usePageKeys([
    { keys: '/', word: 'findInSession', act: () => field.current?.select() },
    { keys: 'j', word: 'keyNextRow', act: () => step(1) },
    { keys: 'k', word: 'keyPreviousRow', act: () => step(-1) },
    { keys: 'n', word: 'keyNextMatch', act: nextMatch },
    { keys: 'Enter', word: 'keyRaw', act: openRaw },
    { keys: 'r', word: 'keyRaw', act: openRaw },
    { keys: '[', word: 'previous', act: () => neighbour(session.neighbours.previous) },
    { keys: ']', word: 'next', act: () => neighbour(session.neighbours.next) },
    { keys: 'y', word: 'copyLink', act: () => void copyText(location.href) },
    {
      keys: 'Escape',
      word: 'keyOut',
      act: () => (cmd === undefined ? void navigate({ to: '/sessions' }) : change({ cmd: undefined })),
    },
  ])
  const parent = session.commands.find((command) => command.eventId === selected?.parentEventId)
  return (
    <div className={styles.page}>
      <title>{`${inertText(accountsOf(session).join(` ${words.or} `) || words.unnamed)} · ${inertText(session.pod)} · podwitness`}</title>
      <Neighbours session={session} />
      <SessionHead session={session} />
      {(session.commands.length > 1 || (session.commands.length === 1 && session.end !== '')) && (
        <Timeline session={session} selected={cmd} onSelect={select} />
      )}
      {session.commands.length > 1 && <ReplayControls commands={commands} selected={cmd} onSelect={select} />}
      {session.gaps.length > 0 && (
        <ul className={styles.gaps} aria-label={words.gaps}>
          {session.gaps.map((gap) => (
            <li key={`${gap.from}${gap.code}`}>
              {gap.from.slice(11, 23)} – {gap.to.slice(11, 23)}: {gapText(gap, words)}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.panels}>
        <section className={styles.panel}>
          <div className={styles.panelHead}>
            <h2>
              {words.commands} <span className={styles.soft}>{session.commandCount}</span>
            </h2>
            {find !== undefined && (
              <span role="status" className={styles.soft}>
                {found.length === 0 ? words.noMatchInSession : words.matchesFound(found.length)}
              </span>
            )}
            {session.commands.length > 0 && (
              <input
                ref={field}
                className={controls.field}
                type="search"
                aria-label={words.findInSession}
                placeholder={words.findInSession}
                value={find ?? ''}
                onChange={(event) => change({ find: event.target.value || undefined })}
                onKeyDown={(event) => {
                  if (event.key === 'Escape') event.currentTarget.blur()
                  if (event.key === 'Enter') nextMatch()
                }}
              />
            )}
          </div>
          {session.commands.length === 0 ? (
            <NoCommands session={session} />
          ) : (
            // Pressing Enter on the selected row goes one level in; the first press only selects.
            <CommandList
              commands={commands}
              selected={cmd}
              find={find}
              onSelect={(id) => (id === cmd ? change({ raw: true }) : select(id))}
            />
          )}
          {session.commandsLeftOut > 0 && <p className={styles.foot}>{words.leftOut(session.commandsLeftOut)}</p>}
          {session.commands.length > 0 && <p className={styles.foot}>{words.builtins}</p>}
        </section>
        <section className={styles.panel}>
          <div className={styles.panelHead}>
            <h2>{words.processTree}</h2>
          </div>
          {session.commands.length > 0 ? (
            <ProcessTree commands={session.commands} selected={cmd} onSelect={select} />
          ) : (
            <p className={styles.soft}>{words.noCommandsHere}</p>
          )}
        </section>
        <section className={styles.panel}>
          {session.commands.length > 0 && (
            <>
              <div className={styles.panelHead}>
                <h2>{words.atThisMoment}</h2>
              </div>
              <CommandDetails command={selected} parent={parent} onRaw={() => change({ raw: true })} />
            </>
          )}
          <h2 className={styles.second}>{words.apiCalls}</h2>
          <ApiCalls
            nobody={accountsOf(session).length === 0}
            calls={session.apiCalls}
            severalUsers={accountsOf(session).length > 1}
            ambiguous={session.confidence === 'ambiguous'}
          />
          {session.user === null && <NodeThen session={session} />}
        </section>
      </div>
      {raw && cmd !== undefined && (
        <EventDrawer
          eventId={cmd}
          onStep={step}
          onClose={() => {
            change({ raw: undefined })
            requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-command][aria-current="true"]')?.focus())
          }}
        />
      )}
    </div>
  )
}

function Neighbours({ session }: { readonly session: SessionDetail }) {
  const words = useWords()
  const { previous, next } = session.neighbours
  return (
    <nav className={styles.neighbours} aria-label={words.session}>
      <Link to="/sessions" className={controls.quiet}>
        ← {words.toSessions}
      </Link>
      <span className={styles.spring} />
      {previous !== null && (
        <Link to="/s/$traceId" params={{ traceId: previous }} className={controls.quiet} aria-label={words.previous}>
          <kbd>[</kbd> {words.previous}
        </Link>
      )}
      {next !== null && (
        <Link to="/s/$traceId" params={{ traceId: next }} className={controls.quiet} aria-label={words.next}>
          {words.next} <kbd>]</kbd>
        </Link>
      )}
      <a className={controls.button} href={`/api/v1/sessions/${encodeURIComponent(session.traceId)}/evidence`} download>
        {words.saveEvidence}
      </a>
      <CopyButton text={location.href} word="copyLink" />
    </nav>
  )
}

function matching(commands: SessionDetail['commands'], find: string | undefined): SessionDetail['commands'] {
  const wanted = find?.toLowerCase()
  return wanted === undefined ? [] : commands.filter((command) => command.cmdline.toLowerCase().includes(wanted))
}
