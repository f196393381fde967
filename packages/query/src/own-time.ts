/** The ends of a time range that a query sets itself, for every table it reads. */
export interface OwnTime {
  readonly from: boolean
  readonly to: boolean
}

export const NO_OWN_TIME: OwnTime = { from: false, to: false }

/** What both set. */
export const bothOf = (a: OwnTime, b: OwnTime): OwnTime => ({ from: a.from && b.from, to: a.to && b.to })

/** What one of them sets. */
export const eitherOf = (a: OwnTime, b: OwnTime): OwnTime => ({ from: a.from || b.from, to: a.to || b.to })

/** The end that a comparison of the time with something fixed sets; `flipped` where the time stands on the right. */
export function endOf(operator: string, flipped: boolean): OwnTime {
  if (operator === '=' || operator === '==') return { from: true, to: true }
  const lower = /^>=?$/.test(operator) !== flipped
  return /^[<>]=?$/.test(operator) ? { from: lower, to: !lower } : NO_OWN_TIME
}

/** Names of the ends, as answers have them. */
export const endsOf = ({ from, to }: OwnTime): ('from' | 'to')[] => [
  ...(from ? ['from' as const] : []),
  ...(to ? ['to' as const] : []),
]
