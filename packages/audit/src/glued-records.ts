const STAMP = Buffer.from(' msg=audit(')
const TYPE_EQUALS = Buffer.from('type=')
const NODE_EQUALS = Buffer.from('node=')
/** Longest `node=NAME type=NAME` looked back over, bytes. */
const MAX_HEAD = 512

/** Where records begin inside of a line, behind its first one: `…key=(null)type=PROCTITLE msg=audit(…`. */
export function gluedRecords(buffer: Buffer, start: number, end: number): number[] {
  const line = buffer.subarray(start, end)
  const found: number[] = []
  const first = line.indexOf(STAMP)
  for (let stamp = first < 0 ? -1 : line.indexOf(STAMP, first + 1); stamp >= 0; stamp = line.indexOf(STAMP, stamp + 1)) {
    const last = found.length > 0 ? (found[found.length - 1] as number) - start : 0
    const type = line.lastIndexOf(TYPE_EQUALS, stamp)
    if (type <= last || type < stamp - MAX_HEAD || line.subarray(type, stamp).includes(0x20)) continue
    const node = line[type - 1] === 0x20 ? line.lastIndexOf(NODE_EQUALS, type) : -1
    const whole = node > last && node > type - MAX_HEAD && !line.subarray(node, type - 1).includes(0x20)
    found.push(start + (whole ? node : type))
  }
  return found
}
