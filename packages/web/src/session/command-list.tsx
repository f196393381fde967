import type { SessionCommandDetail } from '@podwitness/api'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { VirtualList } from '../controls/virtual-list.tsx'
import { exactClockText, localText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './session-page.module.css'

interface CommandListProps {
  readonly commands: readonly SessionCommandDetail[]
  readonly selected: string | undefined
  readonly find: string | undefined
  readonly onSelect: (eventId: string) => void
}

const ROW_PX = 27

/** The session as a transcript: every program in order of time. */
export function CommandList({ commands, selected, find, onSelect }: CommandListProps) {
  const words = useWords()
  return (
    <VirtualList
      label={words.commands}
      count={commands.length}
      rowPx={ROW_PX}
      selected={commands.findIndex((command) => command.eventId === selected)}
      keyOf={(index) => commands[index]?.eventId ?? String(index)}
    >
      {(index) => {
        const command = commands[index]
        if (command === undefined) return null
        return (
          <button
            type="button"
            className={styles.command}
            aria-current={command.eventId === selected}
            data-command={command.eventId}
            onClick={() => onSelect(command.eventId)}
          >
            <time dateTime={command.time} title={localText(command.time)}>
              {exactClockText(command.time)}
            </time>
            <span className={styles.line}>
              <RecordedText text={command.cmdline.slice(0, 300)} mark={find} />
              {command.cmdline.length > 300 && <span className={styles.soft}>…</span>}
              {command.onHost && <strong className={styles.host}>{words.onHost}</strong>}
            </span>
            {command.risk !== 'report' && <RiskBadge risk={command.risk} reason={command.riskReason} compact />}
            {command.exit !== 0 && <span className={styles.exit}>{command.exit}</span>}
          </button>
        )
      }}
    </VirtualList>
  )
}
