import { useEffect, useRef, useSyncExternalStore } from 'react'
import { usePreferences } from '../preferences.ts'
import { isFresh, stopEarlyKeys, takeEarlyKeys } from './early-keys.ts'
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

/** Whether something lies over the page that has all keys. */
export const isModalOpen = (): boolean => layers.some((layer) => layer.modal)

/** The bindings that count at this moment. */
export const activeBindings = (): readonly KeyBinding[] => bindingsOf(layers)

/** How long after it was opened a page may still bring keys of its own, in milliseconds. */
const OPENING_MS = 1000

/**
 * Listens to the keyboard; called once, by the frame. What was pressed before it listened, and what is pressed while the
 * page is still being put together and no part knows yet, is answered by the part that comes to know it.
 */
export function useKeyListener(): void {
  const { keys } = usePreferences()
  useEffect(() => {
    if (!keys) return
    let pending = ''
    let pendingAt = 0
    const openedAt = performance.now()
    const waiting: KeyboardEvent[] = []
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      // Within a shadow root, as the query editor is, the event's target is the root's host: the path says where it was.
      if (isTyping(event.composedPath()[0] ?? event.target) || isPressing(event) || isPopupOpen()) return
      if (event.timeStamp - pendingAt > SEQUENCE_MS) pending = ''
      const step = afterKey(bindingsOf(layers), pending, event.key === ' ' ? 'Space' : event.key)
      pending = step.pending
      pendingAt = event.timeStamp
      if (step.binding?.act === undefined) {
        if (pending === '' && event.timeStamp < openedAt + OPENING_MS) waiting.push(event)
        return
      }
      event.preventDefault()
      step.binding.act()
    }
    const onMoreKeys = () => waiting.splice(0).filter(isFresh).forEach(onKey)
    stopEarlyKeys()
    takeEarlyKeys(({ ctrlKey, metaKey }) => !ctrlKey && !metaKey).forEach(onKey)
    const unfollow = follow(onMoreKeys)
    // Before the popups, which close on Escape: the same press must not also leave the page.
    window.addEventListener('keydown', onKey, { capture: true })
    return () => {
      unfollow()
      window.removeEventListener('keydown', onKey, { capture: true })
    }
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

/** Enter on a button or link is for that button or link, and so is the space bar on whatever it presses. */
function isPressing(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element)) return false
  if (event.key === ' ') return event.target.matches('button, input, label, summary')
  return event.key === 'Enter' && event.target.matches('button, a, label')
}

/** A popup without a layer of its own, such as a filter menu, takes all keys. */
function isPopupOpen(): boolean {
  return !isModalOpen() && document.querySelector('[role="dialog"]') !== null
}

function change(next: readonly Layer[]): void {
  layers = next
  for (const listener of listeners) listener()
}

function follow(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
