import type { Risk } from '@podwitness/event'
import { useStatement, useWords } from '../words/use-words.ts'
import styles from './risk-badge.module.css'

const SHAPES: Readonly<Record<Risk, string>> = { report: '·', low: '▫', medium: '◆', high: '▲', critical: '■' }

interface RiskBadgeProps {
  readonly risk: Risk
  readonly reason: string
  /** The shape alone, its word for assistive technology only. */
  readonly compact?: boolean
}

/** A risk as shape, word and colour; its reason is the hint. */
export function RiskBadge({ risk, reason, compact = false }: RiskBadgeProps) {
  const words = useWords()
  const say = useStatement()
  return (
    <span className={styles.badge} data-risk={risk} title={reason === '' ? words[risk] : `${words[risk]}: ${say(reason)}`}>
      <span aria-hidden="true" className={styles.shape}>
        {SHAPES[risk]}
      </span>
      <span className={compact ? 'hidden-text' : undefined}>{words[risk]}</span>
    </span>
  )
}
