import { type FileHandle, open } from 'node:fs/promises'

/** Part of a file: bytes `start` to `end`; `last` where it goes to the end of the file. */
export interface Segment {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly last: boolean
}

/** What one worker decodes at a time: parts of files that follow each other. */
export type Slice = readonly Segment[]

/** Aim for the size of a slice, bytes: small enough that the output of a few fits in memory. */
const SLICE_BYTES = 8 << 20
/** How far it is looked on either side of a cut whether an event goes on over it, bytes. */
const SIGHT_BYTES = 256 << 10
/** What is read on either side of a wished cut: the cut may be moved by half of it. */
const WINDOW_BYTES = 2 * SIGHT_BYTES
const NEWLINE = 10

/** Node and stamp of a record, the first on its line. */
const STAMP = /^(?:.{0,200}?\bnode=(\S{1,255}) )?.{0,400}?audit\((\d{1,12}\.\d{3}:\d{1,10})\)/

/**
 * Cuts files into slices between which no event goes on: no event has records on both sides of a cut within 256 KiB of
 * it. Where there is no such place (no stamps, one long event, a journal), nothing is cut.
 *
 * @param paths Plain files, in the order in which they are to be read.
 */
export async function slicesOf(paths: readonly string[], sliceBytes = SLICE_BYTES): Promise<Slice[]> {
  const slices: Segment[][] = [[]]
  let tail: Buffer = Buffer.alloc(0)
  for (const path of paths) {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const head = await readSpan(file, 0, SIGHT_BYTES)
      if (tail.length > 0 && isApart(tail, head)) slices.push([])
      let start = 0
      for (const cut of await cutsOf(file, size, sliceBytes)) {
        slices.at(-1)?.push({ path, start, end: cut, last: false })
        slices.push([])
        start = cut
      }
      slices.at(-1)?.push({ path, start, end: size, last: true })
      tail = await readSpan(file, Math.max(0, size - SIGHT_BYTES), size)
    } finally {
      await file.close()
    }
  }
  return slices.filter((slice) => slice.length > 0)
}

async function cutsOf(file: FileHandle, size: number, sliceBytes: number): Promise<number[]> {
  const cuts: number[] = []
  for (let wish = sliceBytes; wish + WINDOW_BYTES < size; wish += sliceBytes) {
    const from = Math.max(0, wish - WINDOW_BYTES)
    const at = cutIn(await readSpan(file, from, wish + WINDOW_BYTES), SIGHT_BYTES)
    if (at === undefined) continue
    cuts.push(from + at)
    wish = from + at
  }
  return cuts
}

/** Reads bytes `from` to `to`, fewer where the file ends. */
async function readSpan(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const span = Buffer.alloc(to - from)
  let length = 0
  while (length < span.length) {
    const { bytesRead } = await file.read(span, length, span.length - length, from + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return span.subarray(0, length)
}

interface Line {
  /** Where the next line begins. */
  readonly end: number
  readonly id: string | undefined
}

/** The whole lines of a window: what stands before its first newline and behind its last one is left out. */
function linesOf(window: Buffer): Line[] {
  const lines: Line[] = []
  for (let start = window.indexOf(NEWLINE) + 1; ; ) {
    const newline = window.indexOf(NEWLINE, start)
    if (start === 0 || newline < 0) return lines
    const match = STAMP.exec(window.toString('latin1', start, Math.min(newline, start + 1024)))
    lines.push({ end: newline + 1, id: match === null ? undefined : `${match[1] ?? ''} ${match[2]}` })
    start = newline + 1
  }
}

/**
 * The place nearest to the middle where no event of the window goes on, between two records.
 *
 * @param sight Bytes of the window that must lie on either side of it.
 * @returns undefined where there is none.
 */
export function cutIn(window: Buffer, sight: number): number | undefined {
  const lines = linesOf(window)
  const last = new Map<string, number>()
  for (const [i, { id }] of lines.entries()) if (id !== undefined) last.set(id, i)
  let best: number | undefined
  let open = 0
  for (let i = 0; i + 1 < lines.length; i++) {
    const { id, end } = lines[i] as Line
    if (id !== undefined) open = Math.max(open, last.get(id) as number)
    if (open > i || id === undefined || lines[i + 1]?.id === undefined) continue
    if (end < sight || end > window.length - sight) continue
    if (best === undefined || Math.abs(end - window.length / 2) < Math.abs(best - window.length / 2)) best = end
  }
  return best
}

/** Whether no event of the end of one file goes on at the beginning of the next; never for files without stamps. */
function isApart(tail: Buffer, head: Buffer): boolean {
  const before = linesOf(Buffer.concat([FIRST, tail, FIRST]))
  const after = linesOf(Buffer.concat([FIRST, head, FIRST]))
  const ids = new Set(before.map(({ id }) => id))
  return (
    before.at(-1)?.id !== undefined && after[0]?.id !== undefined && after.every(({ id }) => id === undefined || !ids.has(id))
  )
}

const FIRST = Buffer.from('\n')
