import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import controls from '../controls/controls.module.css'
import { client } from '../data/client.ts'
import { meQuery } from '../data/queries.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { changePreferences, TOUR_CLOSED, usePreferences } from '../preferences.ts'
import { useWords } from '../words/use-words.ts'
import styles from './tour-ribbon.module.css'

/** Cluster under which `podwitness demo` files the bundled recording. */
const DEMO_CLUSTER = 'demo'
/** The program that the tour follows: it left its container. */
const PROGRAM = 'nsenter'
const RULE = `Commands\n| where Name == '${PROGRAM}' and isnotempty(User)`
const STEPS = ['tourWho', 'tourWhat', 'tourTold', 'tourOwn'] as const
const MEANINGS = ['tourWhoHow', 'tourWhatHow', 'tourToldHow', 'tourOwnHow'] as const

/** Four steps through the bundled recording, above the page until they are closed; never again after that. */
export function TourRibbon() {
  const { tour } = usePreferences()
  const me = useQuery(meQuery)
  if (tour === TOUR_CLOSED || me.data?.clusters.includes(DEMO_CLUSTER) !== true) return null
  return <Ribbon done={tour} />
}

function Ribbon({ done }: { readonly done: number }) {
  const words = useWords()
  const close = () => changePreferences({ tour: TOUR_CLOSED })
  usePageKeys([{ keys: 'x t', word: 'keyCloseTour', act: close }])
  const meaning = MEANINGS[done - 1]
  return (
    <section className={styles.ribbon} aria-label={words.tour}>
      <strong>{words.tour}</strong>
      <ol className={styles.steps}>
        {STEPS.map((word, index) => (
          <li key={word} className={styles.step} data-done={index < done} aria-current={index === done ? 'step' : undefined}>
            <StepLink index={index} onOpen={() => changePreferences({ tour: Math.max(done, index + 1) })}>
              <span aria-hidden="true">{index < done ? '✓' : index + 1}</span> {words[word]}
            </StepLink>
          </li>
        ))}
      </ol>
      <button type="button" className={controls.quiet} onClick={close}>
        {words.closeTour}
      </button>
      {meaning !== undefined && (
        <p className={styles.meaning} role="status">
          {words[meaning]}
        </p>
      )}
    </section>
  )
}

interface StepLinkProps {
  readonly index: number
  readonly onOpen: () => void
  readonly children: React.ReactNode
}

function StepLink({ index, onOpen, children }: StepLinkProps) {
  const found = useQuery({
    queryKey: ['tour'],
    queryFn: async ({ signal }) =>
      (await client.sessions({ command: PROGRAM, sort: 'risk', limit: 1 }, signal)).sessions[0] ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const list = { range: 'all', command: PROGRAM, sort: 'risk' } as const
  const session = found.data
  const common = { className: styles.link, onClick: onOpen, children }
  if (index === 1 && session != null) {
    const cmd = session.topMatch?.eventId
    return <Link to="/s/$traceId" params={{ traceId: session.traceId }} search={cmd === undefined ? {} : { cmd }} {...common} />
  }
  if (index === 2) return <Link to="/rules" search={{ q: RULE, lang: 'kql' }} {...common} />
  if (index === 3) return <Link to="/settings/$section" params={{ section: 'set-up' }} {...common} />
  return <Link to="/sessions" search={list} {...common} />
}
