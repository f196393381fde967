/** The lines of a text that are not empty, without their ends. */
export function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let begin = 0; begin < bytes.length; ) {
    const newline = bytes.indexOf(10, begin)
    const end = newline < 0 ? bytes.length : newline
    if (end > begin) yield bytes.subarray(begin, end)
    begin = end + 1
  }
}
