import type { SessionCommandDetail } from '@podwitness/api'
import { useMemo } from 'react'
import { RecordedText } from '../controls/recorded-text.tsx'
import { RiskBadge } from '../controls/risk-badge.tsx'
import { VirtualList } from '../controls/virtual-list.tsx'
import { useWords } from '../words/use-words.ts'
import { processOrder } from './process-order.ts'
import styles from './session-page.module.css'

interface ProcessTreeProps {
  readonly commands: readonly SessionCommandDetail[]
  readonly selected: string | undefined
  readonly onSelect: (eventId: string) => void
}

const ROW_PX = 24
/** Deeper levels are not indented further: they would leave no room for names. */
const DEEPEST = 14

/** Which program started which. */
export function ProcessTree({ commands, selected, onSelect }: ProcessTreeProps) {
  const words = useWords()
  const rows = useMemo(() => processOrder(commands), [commands])
  return (
    <VirtualList
      label={words.processTree}
      count={rows.length}
      rowPx={ROW_PX}
      selected={rows.findIndex((row) => row.command.eventId === selected)}
      keyOf={(index) => rows[index]?.command.eventId ?? String(index)}
    >
      {(index) => {
        const row = rows[index]
        if (row === undefined) return null
        const { command, depth } = row
        return (
          <button
            type="button"
            className={styles.process}
            aria-current={command.eventId === selected}
            data-host={command.onHost}
            onClick={() => onSelect(command.eventId)}
          >
            <span aria-hidden="true" className={styles.indent} style={{ width: `${Math.min(depth, DEEPEST) * 0.9}rem` }} />
            {depth > 0 && (
              <span aria-hidden="true" className={styles.branch}>
                └
              </span>
            )}
            <RecordedText text={command.name.slice(0, 60)} />
            <span className={styles.soft}>{command.pid}</span>
            {binaryOf(command) !== '' && (
              <span className={styles.soft}>
                → <RecordedText text={binaryOf(command)} />
              </span>
            )}
            {command.onHost && <strong className={styles.host}>{words.onHost}</strong>}
            {command.risk !== 'report' && <RiskBadge risk={command.risk} reason={command.riskReason} compact />}
          </button>
        )
      }}
    </VirtualList>
  )
}

/** The binary where its name is not the one it was invoked by: on Alpine `rm` is `/bin/busybox`. */
function binaryOf(command: SessionCommandDetail): string {
  return command.exe.endsWith(`/${command.name}`) ? '' : command.exe.slice(0, 80)
}
