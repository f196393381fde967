/** A call whose brackets are open at a place. */
export interface EnclosingCall {
  /** Where its name stands. */
  readonly from: number
  readonly to: number
  /** Which of its arguments the place is in, from 0. */
  readonly argument: number
}

/** What is no part of a call's outline: texts, names in quotes, comments. A text may still be open. */
const SKIPPED = /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.|'')*'?|\/\/[^\n]*|--[^\n]*/y
const NAME_BEFORE = /([A-Za-z_]\w*)\s*$/

/** The innermost call around a place; brackets without a name in front are looked through. */
export function enclosingCall(text: string, position: number): EnclosingCall | undefined {
  const open: { readonly at: number; argument: number }[] = []
  for (let at = 0; at < position; at += 1) {
    SKIPPED.lastIndex = at
    const skipped = SKIPPED.exec(text)?.[0]
    if (skipped !== undefined) {
      at += skipped.length - 1
      continue
    }
    const one = text[at] ?? ''
    if ('([{'.includes(one)) open.push({ at, argument: 0 })
    else if (')]}'.includes(one)) open.pop()
    else if (one === ',') {
      const last = open.at(-1)
      if (last !== undefined) last.argument += 1
    }
  }
  for (const { at, argument } of open.reverse()) {
    const name = text[at] === '(' ? NAME_BEFORE.exec(text.slice(Math.max(0, at - 200), at)) : null
    if (name !== null) {
      const from = at - name[0].length
      return { from, to: from + (name[1]?.length ?? 0), argument }
    }
  }
  return undefined
}
