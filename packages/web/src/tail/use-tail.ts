import { followTail, type TailState } from '@podwitness/api'
import { useEffect, useReducer, useRef, useState } from 'react'
import { addTold, NO_ROWS, showWaiting, type TailRows } from './tail-rows.ts'

interface Following {
  readonly told: TailRows
  /** `connecting` until the server first answers. */
  readonly state: TailState | 'connecting'
  readonly error: Error | undefined
}

type Step = { readonly told: Parameters<typeof addTold>[1]; readonly paused: boolean } | 'show' | 'clear'

function step(before: TailRows, next: Step): TailRows {
  if (next === 'show') return showWaiting(before)
  return next === 'clear' ? NO_ROWS : addTold(before, next.told, next.paused)
}

/** Follows a query as long as the page is open. While paused rows wait, and come with the end of the pause. */
export function useTail(query: string, paused: boolean): Following {
  const [told, take] = useReducer(step, NO_ROWS)
  const [link, setLink] = useState<Pick<Following, 'state' | 'error'>>({ state: 'connecting', error: undefined })
  const isPaused = useRef(paused)
  isPaused.current = paused
  useEffect(() => {
    if (!paused) take('show')
  }, [paused])
  useEffect(() => {
    const stop = new AbortController()
    take('clear')
    setLink({ state: 'connecting', error: undefined })
    void followTail({
      baseUrl: '',
      query,
      signal: stop.signal,
      onRows: (rows) => !stop.signal.aborted && take({ told: rows, paused: isPaused.current }),
      onState: (state, error) => !stop.signal.aborted && setLink({ state, error }),
    })
    return () => stop.abort()
  }, [query])
  return { told, ...link }
}
