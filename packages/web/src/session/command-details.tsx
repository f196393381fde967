import type { SessionCommandDetail } from '@podwitness/api'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { dateTimeText, exactClockText } from '../time/clock-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useStatement, useWords } from '../words/use-words.ts'
import styles from './session-page.module.css'

interface CommandDetailsProps {
  readonly command: SessionCommandDetail | undefined
  readonly parent: SessionCommandDetail | undefined
  readonly onRaw: () => void
}

const PLACED: Readonly<Record<string, PlainWord>> = {
  root: 'placedRoot',
  lineage: 'placedLineage',
  terminal: 'placedTerminal',
  ambiguous: 'placedAmbiguous',
  wrapper: 'placedWrapper',
  script: 'placedScript',
  container: 'placedContainer',
}

/** Everything known of the selected command, and the way to its raw records. */
export function CommandDetails({ command, parent, onRaw }: CommandDetailsProps) {
  const words = useWords()
  const say = useStatement()
  if (command === undefined) return <p className={styles.soft}>{words.noSelection}</p>
  const placed = PLACED[command.placed]
  return (
    <>
      <dl className={styles.facts}>
        <dt>{words.time}</dt>
        <dd>
          {dateTimeText(command.time).slice(0, 10)} {exactClockText(command.time)} UTC
        </dd>
        <dt>{words.risk}</dt>
        <dd>
          <RiskBadge risk={command.risk} reason="" />
          {command.riskReason !== '' && <> — {say(command.riskReason)}</>}
        </dd>
        <dt>{words.arguments}</dt>
        <dd>
          <ol start={0} className={styles.arguments}>
            {command.argv.map((argument, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: arguments have no identity but their place
              <li key={index}>
                <RecordedText text={argument} limit={600} />
              </li>
            ))}
          </ol>
        </dd>
        <dt>{words.program}</dt>
        <dd>
          <RecordedText text={command.exe} limit={300} />
        </dd>
        <dt>{words.directory}</dt>
        <dd>
          <RecordedText text={command.cwd} limit={300} />
        </dd>
        <dt>{words.process}</dt>
        <dd>
          {command.pid} · uid {command.uid} · {words.parent} {command.ppid}{' '}
          {parent && <RecordedText text={parent.name} limit={60} />}
        </dd>
        <dt>{words.exitCode}</dt>
        <dd>{command.exit}</dd>
        <dt>{words.placedBy}</dt>
        <dd>
          {placed === undefined ? command.placed : words[placed]}
          {command.onHost && <strong className={styles.host}>{words.onHost}</strong>}
        </dd>
        <dt>{words.auditRecord}</dt>
        <dd>
          <RecordedText text={command.auditSerial} />
        </dd>
      </dl>
      <p className={styles.badges}>
        <button type="button" className={controls.primary} onClick={onRaw}>
          {words.rawRecord}
        </button>
        <CopyButton text={command.cmdline} word="copyCommand" />
      </p>
    </>
  )
}
