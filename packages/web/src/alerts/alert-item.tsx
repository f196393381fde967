import type { Alert } from '@podwitness/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { client } from '../data/client.ts'
import { ROW } from '../keys/row-keys.ts'
import { inertText } from '../text/visible-text.ts'
import { dateTimeText, localText } from '../time/clock-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useRuleText, useStatement, useWords } from '../words/use-words.ts'
import { AlertRows } from './alert-rows.tsx'
import { AlertSubject } from './alert-subject.tsx'
import styles from './alerts-page.module.css'
import { SilenceForm } from './silence-form.tsx'

/** Names of states in the catalogue. */
export const STATE_WORDS = {
  open: 'alertOpen',
  acknowledged: 'alertAcknowledged',
  resolved: 'alertResolved',
} as const satisfies Record<Alert['state'], PlainWord>

/** An alert with what can be done about it. @param unfolded Its rows and messages are open. */
export function AlertItem({ alert, unfolded = false }: { readonly alert: Alert; readonly unfolded?: boolean }) {
  const words = useWords()
  const ruleText = useRuleText()
  const say = useStatement()
  const queries = useQueryClient()
  const [open, setOpen] = useState(unfolded)
  const [silencing, setSilencing] = useState(false)
  const settled = () => queries.invalidateQueries({ queryKey: ['alerts'] })
  const ack = useMutation({ mutationFn: () => client.ackAlert(alert.alertId), onSettled: settled })
  const resolve = useMutation({ mutationFn: () => client.resolveAlert(alert.alertId), onSettled: settled })
  const failure = ack.error ?? resolve.error
  return (
    <li {...ROW} className={styles.alert} data-severity={alert.severity} data-state={alert.state}>
      <div className={styles.line}>
        <RiskBadge risk={alert.severity} reason="" />
        <h2 className={`${styles.rule} ${styles.prose}`}>
          <RecordedText text={ruleText(alert.ruleName)} limit={120} />
        </h2>
        <span className={styles.soft}>{words[STATE_WORDS[alert.state]]}</span>
        <time className={styles.soft} dateTime={alert.created} title={localText(alert.created)}>
          {dateTimeText(alert.created)}
        </time>
        <span className={styles.acts}>
          {alert.state === 'open' && (
            <button type="button" data-act="ack" className={controls.button} onClick={() => ack.mutate()}>
              {words.acknowledge}
            </button>
          )}
          {alert.state !== 'resolved' && (
            <button type="button" data-act="resolve" className={controls.button} onClick={() => resolve.mutate()}>
              {words.resolve}
            </button>
          )}
          <button
            type="button"
            data-act="silence"
            className={controls.button}
            aria-expanded={silencing}
            onClick={() => setSilencing(!silencing)}
          >
            {words.silence}
          </button>
          <button type="button" data-act="open" className={controls.quiet} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.lessOf : words.rowsShown(alert.count)}
          </button>
        </span>
      </div>
      <AlertSubject alert={alert} />
      {alert.reason !== '' && (
        <p className={`${styles.reason} ${styles.prose}`}>
          <RecordedText text={ruleText(alert.reason)} limit={400} />
        </p>
      )}
      {alert.silenced !== '' && (
        <p className={styles.soft}>
          {words.silencedBy} <RecordedText text={say(alert.silenced)} limit={200} />
        </p>
      )}
      {failure !== null && <p role="alert">{inertText(failure.message)}</p>}
      {silencing && <SilenceForm alert={alert} onDone={() => setSilencing(false)} />}
      {open && <AlertRows alert={alert} />}
    </li>
  )
}
