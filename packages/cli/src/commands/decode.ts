import { open } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import type { DecodeCounters } from '@podwitness/audit'
import { InvalidArgumentError, Option } from 'commander'
import type { AddCommand } from '../add-command.ts'
import type { Context } from '../context.ts'
import { type DecodeFormat, DecodePrinter } from '../decode/decode-printer.ts'
import { decodeSlices } from '../decode/decode-slices.ts'
import { readBlocks } from '../decode/read-blocks.ts'
import { slicesOf } from '../decode/slice.ts'
import { openInput, unreadable } from '../open-input.ts'
import { countText } from '../text/size-text.ts'
import { UsageError } from '../usage-error.ts'

interface DecodeFlags {
  readonly format: 'json' | 'text'
  readonly interpret?: boolean
  readonly raw?: boolean
  readonly jobs: number
}

/** `podwitness decode [FILE…|-]`: Linux audit lines to events. */
export const decode: AddCommand = (program, run) => {
  program
    .command('decode')
    .description('turn Linux audit lines into events')
    .argument('[file...]', 'audit.log or syslog files, gzipped or not; - or nothing reads standard input')
    .addOption(new Option('--format <format>', 'json: one object a line').choices(['json', 'text']).default('json'))
    .option('--interpret', 'add numbers in words, as `ausearch -i` says them')
    .option('--raw', 'add the lines as received')
    .addOption(new Option('--jobs <n>', 'threads that decode plain files at the same time').argParser(jobsOf).default(1))
    .addHelpText(
      'after',
      '\nWith --jobs the events and their order are the same as without, as long as no event has records more than 256 KiB\n' +
        'apart; serials missing are not counted. Compressed files, journals and standard input are decoded by one thread.',
    )
    .action((files: string[], flags: DecodeFlags, command) => run(command, (context) => decodeFiles(context, files, flags)))
}

async function decodeFiles(context: Context, files: readonly string[], flags: DecodeFlags): Promise<void> {
  const paths = files.length > 0 ? files : ['-']
  const format = { format: flags.format, interpret: flags.interpret === true, raw: flags.raw === true }
  const slices = flags.jobs > 1 && (await canBeSliced(paths)) ? await slicesOf(paths) : []
  if (slices.length < 2) return decodeInOrder(context, paths, format)
  const { terminal } = context
  const write = (data: Uint8Array) => terminal.write(data)
  const counters = await decodeSlices({ slices, jobs: flags.jobs, format, signal: terminal.signal, write })
  report(context, counters)
  if (counters.events === 0) throw nothing(counters)
}

async function decodeInOrder(context: Context, paths: readonly string[], format: DecodeFormat): Promise<void> {
  const { terminal } = context
  // Events are short-lived: a small young generation costs little time and keeps the process below 150 MB.
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--max-semi-space-size=4')
  const printer = new DecodePrinter(format)
  const flush = async (): Promise<void> => {
    if (printer.length === 0) return
    // A large piece has been written when `write` resolves, so its memory can be used again; a small one may wait.
    await terminal.write(printer.length >= DIRECT_BYTES ? printer.drain() : printer.take())
  }
  try {
    for (const path of paths) {
      for await (const chunk of inputOf(path, terminal)) {
        printer.push(chunk)
        await flush() // At once: who pipes a live log through waits for its events.
      }
      printer.endLine()
    }
  } finally {
    printer.end()
    await flush()
    report(context, printer.counters)
  }
  if (printer.counters.events === 0) throw nothing(printer.counters)
}

/** Pieces of output from this size on are above every high-water mark of a stream. */
const DIRECT_BYTES = 65_536

/** Plain files are read into one buffer; whatever else there is, the common way. */
async function* inputOf(path: string, terminal: Context['terminal']): AsyncGenerator<Uint8Array> {
  if (!(await canBeSliced([path]))) return yield* openInput(path, terminal)
  try {
    yield* readBlocks(path, terminal.signal)
  } catch (cause) {
    throw terminal.signal.aborted || !(cause instanceof Error) ? cause : unreadable(path, cause)
  }
}

/** Whether all of it are plain files, not compressed: only those can be read from the middle. */
async function canBeSliced(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    const file = path === '-' ? undefined : await open(path).catch(() => undefined)
    if (file === undefined) return false
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
      if (!(await file.stat()).isFile() || (bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b)) return false
    } catch {
      return false // Reading in order says what is wrong.
    } finally {
      await file.close()
    }
  }
  return true
}

function jobsOf(text: string): number {
  const jobs = Number(text)
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MAX_JOBS)
    throw new InvalidArgumentError(`a whole number from 1 to ${MAX_JOBS}`)
  return jobs
}

const MAX_JOBS = 64

function report({ hint }: Context, { events, lines, rejects, late, cut, gaps }: DecodeCounters): void {
  const notes = [
    ...Object.entries(rejects).map(([code, count]) => `${countText(count)} lines left out: ${code.replaceAll('_', ' ')}`),
    ...(late > 0 ? [`${countText(late)} records came late`] : []),
    ...(cut > 0 ? [`${countText(cut)} lines cut`] : []),
    ...(gaps > 0 ? [`${countText(gaps)} serials missing`] : []),
  ]
  hint([`${countText(events)} events of ${countText(lines)} lines`, ...notes].join('; '))
}

function nothing({ lines }: DecodeCounters): UsageError {
  return new UsageError('PW-DE-001', {
    what: 'There is no audit record in the input.',
    why:
      lines <= 1
        ? 'It is empty or one line without a record.'
        : `None of its ${countText(lines)} lines has the form type=… msg=audit(…).`,
    do: 'Give audit.log, a syslog file with audit lines, or the output of journalctl; each may be gzipped.',
  })
}
