import { useState } from 'react'
import { inertText } from '../text/visible-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import controls from './controls.module.css'

interface ConfirmButtonProps {
  readonly word: PlainWord
  /** What the second press says it will do. */
  readonly confirm: PlainWord
  /** What it is done to, for assistive technology. */
  readonly about: string
  readonly disabled?: boolean
  readonly onConfirm: () => void
}

/** A button that asks once more before it acts; leaving it takes the question back. */
export function ConfirmButton({ word, confirm, about, disabled = false, onConfirm }: ConfirmButtonProps) {
  const words = useWords()
  const [asked, setAsked] = useState(false)
  return (
    <button
      type="button"
      className={controls.button}
      data-danger={asked}
      disabled={disabled}
      onBlur={() => setAsked(false)}
      onClick={() => {
        if (asked) onConfirm()
        setAsked(!asked)
      }}
    >
      {words[asked ? confirm : word]}
      <span className="hidden-text"> {inertText(about)}</span>
    </button>
  )
}
