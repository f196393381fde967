/** The code point of one character of UTF-8. Source: RFC 3629 §3. */
export function codepoint(c: string): string {
  const byte = (at: number): string => `reinterpretAsUInt8(substring(${c}, ${at}, 1))`
  const rest = (at: number, shift: number): string => `bitShiftLeft(toUInt32(bitAnd(${byte(at)}, 63)), ${shift})`
  const first = (mask: number, shift: number): string => `bitShiftLeft(toUInt32(bitAnd(${byte(1)}, ${mask})), ${shift})`
  const [two, three] = [`${first(31, 6)} + ${rest(2, 0)}`, `${first(15, 12)} + ${rest(2, 6)} + ${rest(3, 0)}`]
  const four = `${first(7, 18)} + ${rest(2, 12)} + ${rest(3, 6)} + ${rest(4, 0)}`
  return `multiIf(length(${c}) = 1, toUInt64(${byte(1)}), length(${c}) = 2, ${two}, length(${c}) = 3, ${three}, ${four})`
}

/** One character of UTF-8 from its code point. Source: RFC 3629 §3. */
export function character(p: string): string {
  const rest = (shift: number): string => `128 + bitAnd(bitShiftRight(${p}, ${shift}), 63)`
  const first = (mark: number, shift: number): string => `${mark} + bitShiftRight(${p}, ${shift})`
  const [two, three] = [`char(${first(192, 6)}, ${rest(0)})`, `char(${first(224, 12)}, ${rest(6)}, ${rest(0)})`]
  return `multiIf(${p} < 128, char(${p}), ${p} < 2048, ${two}, ${p} < 65536, ${three}, char(${first(240, 18)}, ${rest(12)}, ${rest(6)}, ${rest(0)}))`
}
