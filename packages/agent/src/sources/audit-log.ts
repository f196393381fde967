import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { newCounters, type Source, type SourceSink } from '../source.ts'
import { FileWatch } from './file-watch.ts'
import { RecordReader } from './record-reader.ts'
import type { TailPosition } from './tail-position.ts'

const CHUNK_BYTES = 256 * 1024
/** How often an idle tail looks whether its file was rotated away. */
const ROTATION_CHECK_MS = 1000
/** Bytes hashed at the beginning of a file: an inode number comes back soon, these bytes do not. */
const HEAD_BYTES = 256
/** An event that was begun is given out, and has waited for other routes, after at most this time, milliseconds. */
const WHOLE_AFTER_MS = 2500
const DUE_LEAST_MS = 200
const NEWLINE = 10
const NOTHING = { bytesRead: 0 }

/** A file that was read: what it is known by later, when it may have been rotated away. */
interface FileMark {
  readonly inode: number
  head: string
}

/** A line start that reading passed: where, when, and behind how many bytes of the whole stream. */
interface Passed {
  readonly mark: FileMark
  readonly offset: number
  readonly atMs: number
  readonly stream: number
}

interface OpenFile {
  readonly handle: FileHandle
  readonly inode: number
  offset: number
}

export interface AuditLogOptions {
  readonly path: string
  readonly position: TailPosition
  /** Where there is no position: `end` reads what comes from now on, `start` what is there. */
  readonly from: 'start' | 'end'
}

/**
 * Follows audit.log through rotation and truncation, and goes on after a restart where what was safe ended, also
 * when that is in a file that was rotated away meanwhile. auditd rotates by renaming (audit.log.1 is the youngest).
 */
export function auditLog(options: AuditLogOptions): Source {
  const counters = newCounters()
  let readToMs = 0
  return {
    name: 'audit.log',
    counters,
    readToMs: () => readToMs,
    async run(sink, signal) {
      const reader = new RecordReader('audit.log', sink, { counters })
      const tail = new Tail(options, { reader, sink, counters })
      const watch = new FileWatch(options.path)
      let told = false
      try {
        while (!signal.aborted) {
          const lookedMs = Date.now()
          const progressed: boolean = await tail.step(told).catch((error: NodeJS.ErrnoException) => {
            tail.trouble(error)
            return false
          })
          if (progressed) watch.found()
          else readToMs = lookedMs
          told = !progressed && (await watch.changed(signal, tail.dueMs))
        }
      } finally {
        watch.close()
        await tail.close()
        reader.abandon() // Read again after the restart: the position is before it.
      }
    },
  }
}

class Tail {
  readonly #options: AuditLogOptions
  readonly #reader: RecordReader
  readonly #sink: SourceSink
  readonly #counters: Source['counters']
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  #file: OpenFile | undefined
  #told = ''
  /** The oldest is where a restart would begin; it may be in a file that was rotated away. */
  #passed: Passed[] = []
  #mark: FileMark = { inode: -1, head: '' }
  #remembered = ''
  #rotationMs = 0
  /** Change time of the file when its beginning was last compared: without another change it is the same. */
  #changedMs = -1
  /** Reading had come to the end of the file. */
  #paused = false

  constructor(options: AuditLogOptions, parts: { reader: RecordReader; sink: SourceSink; counters: Source['counters'] }) {
    this.#options = options
    this.#reader = parts.reader
    this.#sink = parts.sink
    this.#counters = parts.counters
  }

  /** How long the tail may be left alone, milliseconds: then what it has read is safe and can be remembered. */
  get dueMs(): number {
    const next = this.#passed[1]
    return next === undefined ? Number.POSITIVE_INFINITY : Math.max(DUE_LEAST_MS, next.atMs + WHOLE_AFTER_MS - Date.now())
  }

  /**
   * Reads on; false where there is nothing new.
   *
   * @param told The system told of a change, which may be that the file got another name.
   */
  async step(told: boolean): Promise<boolean> {
    const file = this.#file ?? (await this.#begin())
    if (file === undefined) return false
    this.#reader.looking = true
    const { size, ctimeMs } = await file.handle.stat()
    if (size < file.offset) this.#restart(file)
    else if (this.#paused && size > file.offset && !(await this.#same(file))) this.#restart(file)
    const { bytesRead } = size > file.offset ? await file.handle.read(this.#buffer, 0, CHUNK_BYTES, file.offset) : NOTHING
    this.#counters.behindBytes = Math.max(0, size - file.offset - bytesRead)
    this.#paused = bytesRead === 0
    if (bytesRead > 0) {
      const lineStart = this.#buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1
      if (lineStart > 0) this.#pass(file.offset + lineStart, Date.now(), this.#counters.bytes + lineStart)
      file.offset += bytesRead
      await this.#reader.push(this.#buffer.subarray(0, bytesRead))
      await this.#remember(file)
      return true
    }
    this.#reader.looking = false
    await this.#remember(file)
    if (!told && Date.now() < this.#rotationMs) return false
    this.#rotationMs = Date.now() + ROTATION_CHECK_MS
    if (ctimeMs !== this.#changedMs && !(await this.#same(file))) {
      this.#restart(file)
      return true
    }
    this.#changedMs = ctimeMs
    return this.#rotated(file)
  }

  /** Whether the file still begins as it did: it may have been cut and written again, also beyond where reading was. */
  async #same(file: OpenFile): Promise<boolean> {
    return this.#mark.head === '' || (await sameHead(file, this.#mark.head))
  }

  #restart(file: OpenFile): void {
    this.#sink.say(`${this.#options.path} was cut; reading it from its beginning.`)
    file.offset = 0
    this.#passed = []
    this.#begun(file)
  }

  #begun(file: OpenFile): void {
    this.#mark = { inode: file.inode, head: '' }
    this.#remembered = ''
    this.#pass(file.offset, this.#passed.length === 0 ? 0 : Date.now(), this.#counters.bytes)
  }

  #pass(offset: number, atMs: number, stream: number): void {
    this.#passed.push({ mark: this.#mark, offset, atMs, stream })
  }

  /** Says what is wrong, once. */
  trouble(error: NodeJS.ErrnoException): void {
    this.#reader.looking = false
    this.#counters.errors++
    if (this.#told === error.message) return
    this.#told = error.message
    this.#sink.say(`${this.#options.path} cannot be read (${error.message}); trying again.`)
  }

  async close(): Promise<void> {
    await this.#file?.handle.close()
    this.#file = undefined
  }

  /** Opens the file that the position names, or the newest. */
  async #begin(): Promise<OpenFile | undefined> {
    const { path, position, from } = this.#options
    const known = position.get(path)
    for (const candidate of known === undefined ? [] : await rotations(path)) {
      const file = await openFile(candidate)
      if (file === undefined) continue
      if (file.inode === known?.inode && (await sameHead(file, known.head))) {
        file.offset = known.offset
        return this.#opened(file)
      }
      await file.handle.close()
    }
    if (known !== undefined) {
      this.#sink.say(`The part of ${path} that was read last is gone; reading every file that is left.`)
      const oldest = (await rotations(path)).at(-1)
      return oldest === undefined ? undefined : this.#opened(await openFile(oldest))
    }
    const file = await openFile(path)
    if (file !== undefined && from === 'end') file.offset = (await file.handle.stat()).size
    return this.#opened(file)
  }

  #opened(file: OpenFile | undefined): OpenFile | undefined {
    if (file === undefined) return undefined
    this.#file = file
    this.#begun(file)
    this.#rotationMs = 0
    this.#changedMs = -1
    this.#paused = false
    this.#told = ''
    this.#counters.opened++
    return file
  }

  /** At the end of a file: whether auditd has begun another one, which is then opened. */
  async #rotated(file: OpenFile): Promise<boolean> {
    if ((await inodeOf(this.#options.path)) === file.inode) return false // An open file's number is not given to another.
    const paths = await rotations(this.#options.path)
    const inodes = await Promise.all(paths.map(inodeOf))
    const place = inodes.indexOf(file.inode)
    if (place === 0) return false
    const next = place > 0 ? paths[place - 1] : paths.at(-1)
    const opened = next === undefined ? undefined : await openFile(next)
    if (opened === undefined) return false
    const { size } = await file.handle.stat()
    if (size > file.offset) {
      await opened.handle.close()
      return true
    }
    await file.handle.close()
    this.#opened(opened)
    return true
  }

  /** Notes how far reading need not be repeated: to where no event is open any more and all are on the disk. */
  async #remember(file: OpenFile): Promise<void> {
    if (headBytes(this.#mark.head) < Math.min(HEAD_BYTES, file.offset)) this.#mark.head = await headOf(file)
    const whole = Math.min(Date.now(), this.#sink.unsafeSinceMs('audit.log')) - WHOLE_AFTER_MS
    const open = this.#reader.openFrom
    for (let next = this.#passed[1]; next !== undefined && next.atMs <= whole && next.stream < open; next = this.#passed[1])
      this.#passed.shift()
    const oldest = this.#passed[0]
    if (oldest === undefined) return
    const { mark, offset } = oldest
    const text = `${mark.inode} ${mark.head} ${offset}`
    if (text === this.#remembered) return
    this.#remembered = text
    await this.#options.position.set(this.#options.path, { ...mark, offset })
  }
}

/** The file and its rotated ones, youngest first. */
async function rotations(path: string): Promise<string[]> {
  const name = basename(path)
  const names = await readdir(dirname(path)).catch((): string[] => [])
  const numbered = names.filter((other) => other.startsWith(`${name}.`) && /^\d+$/.test(other.slice(name.length + 1)))
  const number = (other: string): number => Number(other.slice(name.length + 1))
  return [...(names.includes(name) ? [name] : []), ...numbered.sort((a, b) => number(a) - number(b))].map((other) =>
    join(dirname(path), other),
  )
}

/** −1 where there is no such file. */
function inodeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ ino }) => ino,
    () => -1,
  )
}

async function openFile(path: string): Promise<OpenFile | undefined> {
  try {
    const handle = await open(path, 'r')
    const { ino } = await handle.stat()
    return { handle, inode: ino, offset: 0 }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Length and hash of a file's first bytes, `<bytes>:<sha256>`. */
async function headOf({ handle, offset }: OpenFile): Promise<string> {
  const bytes = Buffer.alloc(Math.min(HEAD_BYTES, offset))
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
  return `${bytesRead}:${createHash('sha256').update(bytes.subarray(0, bytesRead)).digest('hex')}`
}

function headBytes(head: string): number {
  return Number(head.split(':')[0])
}

async function sameHead(file: OpenFile, head: string): Promise<boolean> {
  return (await headOf({ ...file, offset: headBytes(head) })) === head
}
