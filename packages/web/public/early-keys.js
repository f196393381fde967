// Keeps what is pressed while the page is being opened, until its own code listens (src/keys/early-keys.ts).
{
  const MOST = 20
  const kept = []
  const onKey = (event) => {
    const { target, key, isComposing, altKey } = event
    if (kept.length === MOST || isComposing || altKey) return
    if (target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))) return
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() !== 'k') return
      // The browser's own use of the key would lead away.
      event.preventDefault()
    }
    kept.push(event)
  }
  window.addEventListener('keydown', onKey, true)
  globalThis.podwitnessEarlyKeys = {
    kept,
    stop: () => window.removeEventListener('keydown', onKey, true),
  }
}
