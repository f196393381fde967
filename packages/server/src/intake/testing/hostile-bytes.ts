/** Numbers from a seed, so that a failure can be repeated. Source: mulberry32, Tommy Ettinger, public domain. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Bytes and words that parsers stumble over. */
const AWKWARD = [
  '\0',
  '\n',
  '\r\n\r\n',
  '"',
  '\\u',
  '\\',
  '{',
  '[',
  ']',
  '}',
  ',',
  '\xc1',
  '\xff\xfe',
  '\xdd\xff\xff\xff\xff',
  '999999999 ',
  '-',
  'null',
  '<',
  '1e999',
  '__proto__',
]

/** Well-formed bytes with some damage. */
export function damaged(bytes: Buffer, random: () => number): Buffer {
  let changed = Buffer.from(bytes)
  const at = (length: number): number => Math.floor(random() * length)
  for (let times = 1 + at(4); times > 0; times--) {
    const place = at(changed.length + 1)
    const kind = at(5)
    if (kind === 0 && changed.length > 0) changed[Math.min(place, changed.length - 1)] = at(256)
    else if (kind === 1) changed = changed.subarray(0, place)
    else if (kind === 2)
      changed = Buffer.concat([
        changed.subarray(0, place),
        Buffer.from(AWKWARD[at(AWKWARD.length)] ?? '', 'latin1'),
        changed.subarray(place),
      ])
    else if (kind === 3) changed = Buffer.concat([changed.subarray(0, place), changed.subarray(at(place + 1))])
    else changed = Buffer.concat([changed.subarray(0, place), changed.subarray(Math.min(changed.length, place + at(64)))])
  }
  return changed
}
