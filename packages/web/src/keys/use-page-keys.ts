import { useEffect, useRef, useSyncExternalStore } from 'react'
import { usePreferences } from '../app/preferences.ts'
import { afterKey, type KeyBinding } from './key-binding.ts'

/** How long a second key may take, in milliseconds. */
const SEQUENCE_MS = 1000

interface Layer {
  readonly modal: boolean
  readonly bindings: { current: readonly KeyBinding[] }
}

let layers: readonly Layer[] = []
const listeners = new Set<() => void>()

/** Lets keys act while the calling component is on the page. A modal layer silences all others. */
export function usePageKeys(bindings: readonly KeyBinding[], modal = false): void {
  const latest = useRef(bindings)
  latest.current = bindings
  useEffect(() => {
    const layer = { modal, bindings: latest }
    change([...layers, layer])
    return () => change(layers.filter((one) => one !== layer))
  }, [modal])
}

/** The bindings that count now: those of modal layers where there are any, else all. */
export function useActiveBindings(): readonly KeyBinding[] {
  const all = useSyncExternalStore(follow, () => layers)
  return bindingsOf(all)
}

/** Listens to the keyboard; called once, by the frame. */
export function useKeyListener(): void {
  const { keys } = usePreferences()
  useEffect(() => {
    if (!keys) return
    let pending = ''
    let pendingAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return
      if (isTyping(event.target)) return
      if (event.timeStamp - pendingAt > SEQUENCE_MS) pending = ''
      const step = afterKey(bindingsOf(layers), pending, event.key)
      pending = step.pending
      pendingAt = event.timeStamp
      if (step.binding?.act === undefined) return
      event.preventDefault()
      step.binding.act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [keys])
}

function bindingsOf(all: readonly Layer[]): readonly KeyBinding[] {
  const modal = all.filter((layer) => layer.modal)
  return (modal.length > 0 ? modal : all).flatMap((layer) => layer.bindings.current)
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select')
}

function change(next: readonly Layer[]): void {
  layers = next
  for (const listener of listeners) listener()
}

function follow(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
