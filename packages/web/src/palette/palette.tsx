import { Dialog } from '@base-ui/react/dialog'
import { useEffect, useId, useRef, useState } from 'react'
import controls from '../controls/controls.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import type { KeyBinding } from '../keys/key-binding.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import type { Choice } from './choice.ts'
import styles from './palette.module.css'
import { usePaletteChoices } from './use-palette-choices.ts'

interface PaletteProps {
  /** The keys of the page that is open. */
  readonly bindings: readonly KeyBinding[]
  readonly onClose: () => void
}

const NO_KEYS: readonly KeyBinding[] = []

/** Everything that can be done and gone to, by typing a part of its name; also whatever the store has under an id or a name. */
export function Palette({ bindings, onClose }: PaletteProps) {
  const words = useWords()
  const [open, setOpen] = useState(true)
  const chosen = useRef<Choice>(undefined)
  const choose = (choice: Choice) => {
    chosen.current = choice
    setOpen(false)
  }
  return (
    <Dialog.Root
      open={open}
      onOpenChange={setOpen}
      // What was chosen acts once the focus is back where it was: keys of a list act on the row that has it.
      onOpenChangeComplete={(isOpen) => {
        if (isOpen) return
        onClose()
        chosen.current?.run()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={controls.backdrop} />
        <Dialog.Popup className={styles.popup} aria-label={words.palette}>
          <Lines bindings={bindings} onChoose={choose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Lines({
  bindings,
  onChoose,
}: {
  readonly bindings: readonly KeyBinding[]
  readonly onChoose: (choice: Choice) => void
}) {
  const words = useWords()
  const [typed, setTyped] = useState('')
  const [chosenId, setChosenId] = useState<string>()
  /** Enter was pressed before the store had answered. */
  const [waiting, setWaiting] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const listId = useId()
  const { choices, looking, certain } = usePaletteChoices(typed, bindings)
  const at = Math.max(
    0,
    choices.findIndex(({ id }) => id === chosenId),
  )
  const current = choices[at]
  usePageKeys(NO_KEYS, true)
  const currentId = current?.id
  useEffect(() => {
    const index = choices.findIndex(({ id }) => id === currentId)
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' })
  }, [currentId, choices])
  useEffect(() => {
    if (waiting && !looking && current !== undefined) onChoose(current)
  }, [waiting, looking, current, onChoose])
  const move = (to: number) => setChosenId(choices[(to + choices.length) % choices.length]?.id)
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') move(at + 1)
    else if (event.key === 'ArrowUp') move(at - 1)
    else if (event.key === 'PageDown') move(Math.min(at + 8, choices.length - 1))
    else if (event.key === 'PageUp') move(Math.max(at - 8, 0))
    else if (event.key === 'Enter' && looking && !certain && chosenId === undefined) setWaiting(true)
    else if (event.key === 'Enter' && current !== undefined) onChoose(current)
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        className={styles.field}
        role="combobox"
        aria-label={words.palette}
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={current === undefined ? undefined : `${listId}-${at}`}
        placeholder={words.paletteHint}
        autoComplete="off"
        spellCheck={false}
        maxLength={512}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setChosenId(undefined)
          setWaiting(false)
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={listId} role="listbox" aria-label={words.palette} className={styles.list}>
        {choices.map((choice, index) => (
          <Line
            key={choice.id}
            id={`${listId}-${index}`}
            choice={choice}
            selected={index === at}
            onPoint={() => setChosenId(choice.id)}
            onChoose={() => onChoose(choice)}
          />
        ))}
      </div>
      <p className={styles.status} role="status">
        {looking ? words.paletteLooking : choices.length === 0 ? words.noValues : words.paletteLines(choices.length)}
      </p>
    </>
  )
}

interface LineProps {
  readonly id: string
  readonly choice: Choice
  readonly selected: boolean
  readonly onPoint: () => void
  readonly onChoose: () => void
}

function Line({ id, choice, selected, onPoint, onChoose }: LineProps) {
  const words = useWords()
  const { label, recorded, hint = '', keys = '', kind } = choice
  return (
    // The field keeps the focus and has the keys: options are pointed to, as a combobox's are.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={styles.line}
      onMouseMove={selected ? undefined : onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span className={styles.label}>{recorded === true ? <RecordedText text={label} /> : inertText(label)}</span>
      <span className={styles.side}>
        {keys !== '' && keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}
        {words[kind]}
      </span>
      {hint !== '' && (
        <span className={styles.hint}>
          <RecordedText text={hint} />
        </span>
      )}
    </div>
  )
}
