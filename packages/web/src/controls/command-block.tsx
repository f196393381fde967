import styles from './command-block.module.css'
import { CopyButton } from './copy-button.tsx'

/** Commands or a configuration to take away, as they are. */
export function CommandBlock({ text }: { readonly text: string }) {
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <pre className={styles.text} tabIndex={0}>
        {text}
      </pre>
      <CopyButton text={text} word="copy" />
    </div>
  )
}
