import { useEffect, useState } from 'react'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import controls from './controls.module.css'
import { copyText } from './copy-text.ts'

interface CopyButtonProps {
  /** The text, or what makes it when it is wanted. */
  readonly text: string | (() => string | Promise<string>)
  readonly word: PlainWord
}

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, word }: CopyButtonProps) {
  const words = useWords()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      className={controls.button}
      onClick={async () => setCopied(await copyText(typeof text === 'string' ? text : await text()))}
    >
      <span aria-live="polite">{copied ? words.copied : words[word]}</span>
    </button>
  )
}
