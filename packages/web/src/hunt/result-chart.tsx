import { RecordedText } from '../controls/recorded-text.tsx'
import { dateTimeText } from '../time/clock-text.ts'
import type { ChartData } from './chart-series.ts'
import styles from './hunt-page.module.css'

const WIDTH = 960
const HEIGHT = 260
const LEFT = 56
const BOTTOM = 24
/** Room for half a point, so that the last one is whole. */
const RIGHT = 6

/** An answer drawn as the query asks for; every number is in the table beside it. */
export function ResultChart({ chart, label }: { readonly chart: ChartData; readonly label: string }) {
  const xs = chart.series.flatMap(({ points }) => points.map(({ x }) => x))
  const highest = Math.max(...chart.series.flatMap(({ points }) => points.map(({ y }) => y)), 0)
  const [first, last] = [Math.min(...xs), Math.max(...xs)]
  const slots = chart.labels?.length ?? 0
  const inner = WIDTH - LEFT - RIGHT
  const x = (value: number): number =>
    LEFT +
    (chart.labels !== undefined
      ? ((value + 0.5) * inner) / slots
      : last === first
        ? inner / 2
        : ((value - first) * inner) / (last - first))
  const y = (value: number): number => 8 + (HEIGHT - BOTTOM - 8) * (1 - (highest === 0 ? 0 : Math.max(0, value) / highest))
  return (
    <figure className={styles.chart}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={LEFT} x2={WIDTH} y1={y(highest * share)} y2={y(highest * share)} className={styles.grid} />
            <text x={LEFT - 6} y={y(highest * share) + 4} textAnchor="end" className={styles.tick}>
              {short(highest * share)}
            </text>
          </g>
        ))}
        {chart.series.map((series, index) => (
          <g key={series.name} data-series={index % 6}>
            {chart.kind === 'line' ? (
              <polyline
                className={styles.lineMark}
                points={series.points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')}
              />
            ) : (
              <Bars chart={chart} index={index} x={x} y={y} slots={slots || new Set(xs).size} />
            )}
            {chart.kind === 'line' &&
              series.points.map((point) => (
                <circle key={point.x} cx={x(point.x)} cy={y(point.y)} r={2.5} className={styles.pointMark}>
                  <title>{`${series.name} ${axisText(chart, point.x)}: ${point.y}`}</title>
                </circle>
              ))}
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 6} className={styles.tick}>
          {axisText(chart, first)}
        </text>
        <text x={WIDTH} y={HEIGHT - 6} textAnchor="end" className={styles.tick}>
          {axisText(chart, last)}
        </text>
      </svg>
      <figcaption className={styles.legend}>
        {chart.series.map((series, index) => (
          <span key={series.name} data-series={index % 6}>
            <span aria-hidden="true" className={styles.swatch} /> <RecordedText text={series.name} limit={60} />
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

interface BarsProps {
  readonly chart: ChartData
  readonly index: number
  readonly slots: number
  x(value: number): number
  y(value: number): number
}

function Bars({ chart, index, slots, x, y }: BarsProps) {
  const series = chart.series[index]
  const group = (WIDTH - LEFT - RIGHT) / Math.max(1, slots)
  const width = Math.max(1, (group - 2) / chart.series.length)
  return series?.points.map((point) => (
    <rect
      key={point.x}
      x={x(point.x) - group / 2 + 1 + index * width}
      y={y(point.y)}
      width={width}
      height={Math.max(0, y(0) - y(point.y))}
      className={styles.barMark}
    >
      <title>{`${series.name} ${axisText(chart, point.x)}: ${point.y}`}</title>
    </rect>
  ))
}

function axisText(chart: ChartData, value: number): string {
  return chart.labels === undefined ? dateTimeText(new Date(value).toISOString()) : (chart.labels[value] ?? '').slice(0, 40)
}

function short(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 1000)}k` : String(Math.round(value * 100) / 100)
}
