import { Dialog } from '@base-ui/react/dialog'
import controls from '../controls/controls.module.css'
import { changePreferences, usePreferences } from '../preferences.ts'
import { useWords } from '../words/use-words.ts'
import styles from './help-dialog.module.css'
import type { KeyBinding } from './key-binding.ts'
import { usePageKeys } from './use-page-keys.ts'

interface HelpDialogProps {
  readonly open: boolean
  readonly bindings: readonly KeyBinding[]
  readonly onOpenChange: (open: boolean) => void
}

/** The keys of the page that is open, and the switch that turns them off. */
export function HelpDialog({ open, bindings, onOpenChange }: HelpDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={controls.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <Help bindings={bindings} onClose={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Help({ bindings, onClose }: { readonly bindings: readonly KeyBinding[]; readonly onClose: () => void }) {
  const words = useWords()
  const { keys } = usePreferences()
  usePageKeys([{ keys: '?', word: 'keyHelp', act: onClose }], true)
  return (
    <>
      <header className={styles.head}>
        <Dialog.Title className={styles.title}>{words.keysTitle}</Dialog.Title>
        <Dialog.Close className={controls.quiet} aria-label={words.close}>
          ✕
        </Dialog.Close>
      </header>
      <dl className={styles.keys}>
        {bindings.map((binding) => (
          <div key={binding.keys} className={styles.row}>
            <dt>
              {binding.keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words[binding.word]}</dd>
          </div>
        ))}
      </dl>
      <label className={styles.toggle}>
        <input type="checkbox" checked={keys} onChange={(event) => changePreferences({ keys: event.target.checked })} />
        {words.keysOn}
      </label>
    </>
  )
}
