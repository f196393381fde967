import type { SessionDetail } from '@podwitness/api'
import { useEffect, useRef, useState } from 'react'
import controls from '../controls/controls.module.css'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { exactClockText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import { nextSpeed, replayWaitMs, SPEEDS } from './replay.ts'
import styles from './timeline.module.css'

interface ReplayControlsProps {
  readonly commands: SessionDetail['commands']
  readonly selected: string | undefined
  readonly onSelect: (eventId: string) => void
}

/** Goes through a session's commands as they were run, faster or slower, idle time left out where that is wanted. */
export function ReplayControls({ commands, selected, onSelect }: ReplayControlsProps) {
  const words = useWords()
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [skipIdle, setSkipIdle] = useState(true)
  const at = commands.findIndex(({ eventId }) => eventId === selected)
  const next = commands[at + 1]
  const select = useRef(onSelect)
  select.current = onSelect
  const waitMs = next === undefined ? 0 : gapMs(commands[at]?.time, next.time, speed, skipIdle)
  useEffect(() => {
    if (!playing) return
    if (next === undefined) return setPlaying(false)
    const timer = setTimeout(() => select.current(next.eventId), waitMs)
    return () => clearTimeout(timer)
  }, [playing, next, waitMs])
  const toggle = () => {
    // From the end it begins anew.
    if (!playing && next === undefined && commands[0] !== undefined) onSelect(commands[0].eventId)
    setPlaying(!playing)
  }
  usePageKeys([
    { keys: 'Space', word: 'keyPlay', act: toggle },
    { keys: ',', word: 'keySlower', act: () => setSpeed(nextSpeed(speed, -1)) },
    { keys: '.', word: 'keyFaster', act: () => setSpeed(nextSpeed(speed, 1)) },
    { keys: 'i', word: 'skipIdle', act: () => setSkipIdle(!skipIdle) },
  ])
  return (
    <div className={styles.replay}>
      <button type="button" className={controls.button} onClick={toggle}>
        <span aria-hidden="true">{playing ? '⏸' : '▶'}</span> {playing ? words.pause : words.play}
      </button>
      <select
        className={controls.field}
        aria-label={words.replaySpeed}
        value={speed}
        onChange={(event) => setSpeed(SPEEDS.find((one) => String(one) === event.target.value) ?? 1)}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </select>
      <label className={styles.replayIdle}>
        <input type="checkbox" checked={skipIdle} onChange={(event) => setSkipIdle(event.target.checked)} /> {words.skipIdle}
      </label>
      <span className={styles.replayAt}>
        {at < 0 ? '' : `${exactClockText(commands[at]?.time ?? '')} · `}
        {words.listedOf(at + 1, commands.length)}
      </span>
    </div>
  )
}

/** The wait before the next command; the first one comes at once. */
function gapMs(from: string | undefined, to: string, speed: number, skipIdle: boolean): number {
  return from === undefined ? 0 : replayWaitMs(Date.parse(to) - Date.parse(from), speed, skipIdle)
}
