import { useQuery } from '@tanstack/react-query'
import { type PointerEvent, useState } from 'react'
import { client } from '../data/client.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'
import type { HuntLanguage } from './language-support.ts'

interface MatchHistogramProps {
  readonly language: Exclude<HuntLanguage, 'sql'>
  readonly query: string
  readonly from: string
  readonly to: string
  /** Absent where the query sets its own time: a narrower one would change nothing. */
  readonly onZoom: ((from: string, to: string) => void) | undefined
}

const HEIGHT = 48
/** Units of the drawing that a bucket is wide; the drawing is stretched to the page. */
const SLOT = 10

/** How many rows the query is about over time: all of them, not only those listed. Dragging over it narrows the time. */
export function MatchHistogram({ language, query, from, to, onZoom }: MatchHistogramProps) {
  const words = useWords()
  const [drag, setDrag] = useState<readonly [number, number] | null>(null)
  const { data, isPending } = useQuery({
    queryKey: ['histogram', language, query, from, to],
    queryFn: ({ signal }) => client.histogram({ lang: language, query, from, to, ownTimeWins: true }, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  // Room for it, so that the answer below does not jump.
  if (isPending) return <div className={styles.histogramRoom} aria-hidden="true" />
  // A query that is about no rows in time has no histogram.
  if (data === undefined || data.buckets.length === 0) return null
  const { buckets, total, stepSeconds } = data
  const highest = Math.max(1, ...buckets.map(({ count }) => count))
  const width = buckets.length * SLOT
  const slotAt = (event: PointerEvent<SVGSVGElement>): number => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - box.left) / Math.max(1, box.width)
    return Math.max(0, Math.min(buckets.length - 1, Math.floor(share * buckets.length)))
  }
  const [first, last] = drag === null ? [0, -1] : [Math.min(...drag), Math.max(...drag)]
  const zoom = () => {
    setDrag(null)
    const [start, end] = [buckets[first]?.time, buckets[last]?.time]
    if (drag === null || start === undefined || end === undefined) return
    onZoom?.(start, new Date(Date.parse(end) + stepSeconds * 1000).toISOString())
  }
  return (
    <figure className={styles.histogram}>
      <figcaption>
        <strong>{words.matchesInTime(total)}</strong>{' '}
        <span className={styles.soft}>{onZoom === undefined ? words.timeInQuery : words.dragToZoom}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.histogramLabel(buckets.length, highest)}
        onPointerDown={(event) => {
          if (onZoom === undefined) return
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag([slotAt(event), slotAt(event)])
        }}
        onPointerMove={(event) => drag !== null && setDrag([drag[0], slotAt(event)])}
        onPointerUp={zoom}
        onPointerCancel={() => setDrag(null)}
      >
        {drag !== null && (
          <rect x={first * SLOT} y={0} width={(last - first + 1) * SLOT} height={HEIGHT} className={styles.dragged} />
        )}
        {buckets.map(({ time, count }, index) => (
          <g key={time}>
            <title>{`${dateTimeText(time)}: ${count}`}</title>
            <rect x={index * SLOT} y={0} width={SLOT} height={HEIGHT} className={styles.slot} />
            <rect
              x={index * SLOT + 1}
              y={HEIGHT - barHeight(count, highest)}
              width={SLOT - 2}
              height={barHeight(count, highest)}
              className={styles.matchBar}
            />
          </g>
        ))}
      </svg>
      <p className={styles.ends}>
        <span>{dateTimeText(buckets[0]?.time ?? from)}</span>
        <span>{dateTimeText(data.to)}</span>
      </p>
    </figure>
  )
}

/** A bucket with anything in it is seen, however small beside the highest. */
function barHeight(count: number, highest: number): number {
  return count === 0 ? 0 : Math.max(2, (count / highest) * HEIGHT)
}
