/** One thing that was looked at. */
export interface NodeCheck {
  /** Stable name: `rules`, `taker`, `disk`, … */
  readonly id: string
  readonly verdict: 'ok' | 'warn' | 'bad'
  readonly text: string
  /** What to do; empty where nothing is. */
  readonly todo: string
}

export const ok = (id: string, text: string): NodeCheck => ({ id, verdict: 'ok', text, todo: '' })
export const warn = (id: string, text: string, todo: string): NodeCheck => ({ id, verdict: 'warn', text, todo })
export const bad = (id: string, text: string, todo: string): NodeCheck => ({ id, verdict: 'bad', text, todo })
