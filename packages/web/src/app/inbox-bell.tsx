import { Popover } from '@base-ui/react/popover'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AlertSubject } from '../alerts/alert-subject.tsx'
import controls from '../controls/controls.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { client } from '../data/client.ts'
import { openAlertsQuery } from '../data/queries.ts'
import { inertText } from '../text/visible-text.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useRuleText, useWords } from '../words/use-words.ts'
import styles from './inbox-bell.module.css'

/** Newest open alerts listed. */
const LISTED = 8

/** The notification inbox: how many alerts nobody looks after yet, and the newest of them. */
export function InboxBell() {
  const words = useWords()
  const ruleText = useRuleText()
  const [open, setOpen] = useState(false)
  const { data: count = 0 } = useQuery(openAlertsQuery)
  const newest = useQuery({
    queryKey: ['alerts', 'newest'],
    queryFn: ({ signal }) => client.alerts({ state: 'open', limit: LISTED }, signal),
    enabled: open,
  })
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={controls.quiet} aria-label={words.inboxOf(count)} title={words.inboxOf(count)}>
        <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" fill="none" stroke="currentColor">
          <path d="M8 2a4 4 0 0 0-4 4v3l-1.5 2.5h11L12 9V6a4 4 0 0 0-4-4Z M6.5 13.5a1.5 1.5 0 0 0 3 0" />
        </svg>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={controls.positioner} sideOffset={4} align="end">
          <Popover.Popup className={controls.popup}>
            <Popover.Title className={styles.title}>{words.openAlerts(count)}</Popover.Title>
            {newest.error !== null && <p role="alert">{inertText(newest.error.message)}</p>}
            <ul className={styles.list}>
              {newest.data?.alerts.map((alert) => (
                <li key={alert.alertId} className={styles.item}>
                  <RiskBadge risk={alert.severity} reason="" compact />{' '}
                  <RecordedText text={ruleText(alert.ruleName)} limit={80} />{' '}
                  <span className={styles.soft}>{dateTimeText(alert.created)}</span>
                  <AlertSubject alert={alert} />
                </li>
              ))}
            </ul>
            <Link to="/alerts" search={{ state: 'open' }} onClick={() => setOpen(false)}>
              {words.toInbox}
            </Link>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
