import type { ImportProgress } from '@podwitness/server'
import type { Context } from './context.ts'
import { countText, sizeText } from './text/size-text.ts'
import { visibleText } from './text/visible-text.ts'

/** Without a screen a line of progress comes this often, milliseconds. */
const LINE_EVERY_MS = 10_000
const BAR_COLUMNS = 20
const PHASES = { check: 'check ', import: 'import', pair: 'pair  ' } as const

/**
 * Shows how far an import is: a bar that redraws itself on a screen, a line every ten seconds
 * elsewhere, a JSON line each with `json`.
 */
export function importProgress(context: Context, json: boolean): (progress: ImportProgress) => void {
  const { terminal, options } = context
  let lastLine = Date.now()
  return (progress) => {
    if (json) terminal.say(JSON.stringify({ progress }))
    else if (options.quiet === true) return
    else if (terminal.live) terminal.redraw(progressLine(progress))
    else if (Date.now() - lastLine >= LINE_EVERY_MS) {
      lastLine = Date.now()
      terminal.say(progressLine(progress))
    }
  }
}

/** One line: phase, bar, done of total, rate, time to go, rejects. */
export function progressLine(progress: ImportProgress): string {
  const { phase, doneBytes, totalBytes, events, ratePerSecond, etaSeconds, rejects } = progress
  const share = phase === 'pair' ? 1 : totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes)
  const full = Math.round(share * BAR_COLUMNS)
  const parts = [
    `${PHASES[phase]}  ${'█'.repeat(full)}${'░'.repeat(BAR_COLUMNS - full)} ${String(Math.floor(share * 100)).padStart(3)} %`,
    `${sizeText(doneBytes)} of ${sizeText(totalBytes)}`,
  ]
  if (phase === 'import') parts.push(`${countText(events)} events`, `${countText(ratePerSecond)}/s`)
  if (phase === 'import' && etaSeconds !== null) parts.push(`${Math.ceil(etaSeconds)} s to go`)
  if (rejects > 0) parts.push(`${countText(rejects)} rejected`)
  if (phase === 'pair') parts.push('working out who did what')
  else parts.push(visibleText(progress.path.split('/').at(-1) ?? ''))
  return parts.join('  ')
}
