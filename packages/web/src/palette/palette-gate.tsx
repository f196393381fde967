import { CatchBoundary } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import controls from '../controls/controls.module.css'
import { takeEarlyKeys } from '../keys/early-keys.ts'
import type { KeyBinding } from '../keys/key-binding.ts'
import { activeBindings, isModalOpen, usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import styles from './palette.module.css'

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })))

const IS_MAC = /^Mac|iPhone|iPad/.test(navigator.platform)
const KEYS = IS_MAC ? '⌘+K' : 'Ctrl+K'
const BINDINGS: readonly KeyBinding[] = [{ keys: KEYS, word: 'keyPalette' }]

/**
 * The button and the key that open the palette, whatever has the focus; the key acts also where single keys are switched
 * off, for it is none. The palette itself is loaded when it is first opened.
 */
export function PaletteGate() {
  const words = useWords()
  const [opened, setOpened] = useState<readonly KeyBinding[]>()
  usePageKeys(BINDINGS)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isPaletteKey(event)) return
      // Also where something else lies over the page: the browser's own use of the key would lead away from it.
      event.preventDefault()
      event.stopPropagation()
      setOpened((before) => (before !== undefined || isModalOpen() ? undefined : activeBindings()))
    }
    if (takeEarlyKeys(isPaletteKey).length > 0) setOpened(activeBindings())
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])
  return (
    <>
      <button
        type="button"
        className={controls.quiet}
        aria-label={`${words.palette} ${KEYS}`}
        title={`${words.palette} (${KEYS})`}
        aria-haspopup="dialog"
        onClick={() => setOpened(activeBindings())}
      >
        <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" fill="none" stroke="currentColor">
          <path d="M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9Z M10.3 10.3 14 14" />
        </svg>
        <kbd className={styles.gateKey}>{KEYS}</kbd>
      </button>
      {opened !== undefined && (
        // A palette that cannot be loaded is not opened; the page under it stays.
        <CatchBoundary getResetKey={() => 'palette'} errorComponent={() => null} onCatch={() => setOpened(undefined)}>
          <Suspense fallback={null}>
            <Palette bindings={opened} onClose={() => setOpened(undefined)} />
          </Suspense>
        </CatchBoundary>
      )}
    </>
  )
}

/** Ctrl+K, ⌘K on a Mac; where the keyboard writes no Latin letters, the key that has the K on it. */
function isPaletteKey(event: KeyboardEvent): boolean {
  const { key, code, altKey, shiftKey, isComposing } = event
  const held = IS_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
  if (!held || altKey || shiftKey || isComposing) return false
  return key.toLowerCase() === 'k' || (code === 'KeyK' && !/^[a-z]$/i.test(key))
}
