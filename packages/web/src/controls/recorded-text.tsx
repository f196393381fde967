import { useState } from 'react'
import { visibleText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './recorded-text.module.css'

interface RecordedTextProps {
  readonly text: string
  /** Characters shown before the rest is folded away; no folding where absent. */
  readonly limit?: number
  /** Part to point out, compared without case. */
  readonly mark?: string | undefined
}

/**
 * Text that somebody else wrote: commands, names, raw records. It is shown as plain text, characters that are
 * invisible or that act on their surroundings are written out, and nothing in it becomes a link or markup.
 */
export function RecordedText({ text, limit, mark }: RecordedTextProps) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  const folded = limit !== undefined && text.length > limit && !open
  return (
    <span className={styles.recorded} dir="ltr" translate="no">
      <Marked text={folded ? text.slice(0, limit) : text} mark={mark} />
      {folded && (
        <button type="button" className={styles.unfold} onClick={() => setOpen(true)}>
          … {words.showAll(text.length)}
        </button>
      )}
    </span>
  )
}

function Marked({ text, mark }: { readonly text: string; readonly mark: string | undefined }) {
  const at = mark ? text.toLowerCase().indexOf(mark.toLowerCase()) : -1
  if (mark === undefined || at < 0) return <Inert text={text} />
  return (
    <>
      <Inert text={text.slice(0, at)} />
      <mark className={styles.mark}>
        <Inert text={text.slice(at, at + mark.length)} />
      </mark>
      <Inert text={text.slice(at + mark.length)} />
    </>
  )
}

function Inert({ text }: { readonly text: string }) {
  let offset = 0
  return visibleText(text).map((part) => {
    const key = offset
    offset += part.text.length
    if (!part.escaped) return part.text
    return (
      <span key={key} className={styles.escaped}>
        {part.text}
      </span>
    )
  })
}
