import { Popover } from '@base-ui/react/popover'
import type { Confidence } from '@podwitness/event'
import { CONFIDENCE_MEANINGS, useStatement, useWords } from '../words/use-words.ts'
import styles from './confidence-word.module.css'
import controls from './controls.module.css'
import { RecordedText } from './recorded-text.tsx'

const SHAPES: Readonly<Record<Confidence, string>> = { proven: '●', matched: '◕', ambiguous: '◔', none: '○' }

interface ConfidenceWordProps {
  readonly confidence: Confidence
  readonly reasons: readonly string[]
}

/** How sure the name is; hovering, focusing or pressing it says why. */
export function ConfidenceWord({ confidence, reasons }: ConfidenceWordProps) {
  const words = useWords()
  const say = useStatement()
  return (
    <Popover.Root>
      <Popover.Trigger openOnHover delay={150} className={styles.word} data-confidence={confidence}>
        <span aria-hidden="true">{SHAPES[confidence]}</span> {words[confidence]}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={controls.positioner} sideOffset={4} align="end">
          <Popover.Popup className={controls.popup}>
            <Popover.Title className={styles.meaning}>{words[CONFIDENCE_MEANINGS[confidence]]}</Popover.Title>
            <ul className={styles.reasons}>
              {reasons.map((reason) => (
                <li key={reason}>
                  <RecordedText text={say(reason)} />
                </li>
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
