import type { Overview } from '@podwitness/api'
import { clockText, dateText, lengthText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './overview-page.module.css'

const WIDTH = 240
const HEIGHT = 36

/** Entries over time, risky ones at the foot of each bar. The numbers are in its description. */
export function EntryBars({ entries }: { readonly entries: Overview['entries'] }) {
  const words = useWords()
  const { buckets, stepSeconds } = entries
  const [first, last] = [buckets[0], buckets.at(-1)]
  if (first === undefined || last === undefined) return null
  const start = Date.parse(first.time)
  const slots = Math.round((Date.parse(last.time) - start) / (stepSeconds * 1000)) + 1
  const highest = Math.max(...buckets.map(({ count }) => count))
  const label = words.barsLabel(slots, lengthText(stepSeconds * 1000), highest)
  return (
    <>
      <svg className={styles.bars} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {buckets.map(({ time, count, risky }) => {
          const slot = Math.round((Date.parse(time) - start) / (stepSeconds * 1000))
          const x = (slot * WIDTH) / slots
          const width = Math.max(1, WIDTH / slots - 1)
          const [full, part] = [(count / highest) * HEIGHT, (risky / highest) * HEIGHT]
          return (
            <g key={time}>
              <title>{`${dateText(time)} ${clockText(time)}: ${count}${risky > 0 ? ` (${words.riskyOf(risky)})` : ''}`}</title>
              <rect x={x} y={HEIGHT - full} width={width} height={full} className={styles.bar} />
              <rect x={x} y={HEIGHT - part} width={width} height={part} className={styles.riskyBar} />
            </g>
          )
        })}
      </svg>
      <p className={styles.ends} aria-hidden="true">
        <span>{clockText(first.time)}</span>
        <span>{clockText(last.time)}</span>
      </p>
    </>
  )
}
