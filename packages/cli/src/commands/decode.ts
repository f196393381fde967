import { AuditDecoder, type DecodeCounters, formatText, JsonLines } from '@podwitness/audit'
import { Option } from 'commander'
import type { Context } from '../context.ts'
import { openInput } from '../open-input.ts'
import type { AddCommand } from '../run.ts'
import { countText } from '../text/size-text.ts'
import { UsageError } from '../usage-error.ts'

interface DecodeFlags {
  readonly format: 'json' | 'text'
  readonly interpret?: boolean
  readonly raw?: boolean
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
    .action((files: string[], flags: DecodeFlags, command) => run(command, (context) => decodeFiles(context, files, flags)))
}

async function decodeFiles(context: Context, files: readonly string[], flags: DecodeFlags): Promise<void> {
  const { terminal } = context
  const lines = new JsonLines({ interpret: flags.interpret === true, raw: flags.raw === true })
  let printed = ''
  const decoder = new AuditDecoder({
    keepLoneEnds: true,
    onEvent: (event) => {
      if (flags.format === 'text') printed += `${formatText(event)}\n`
      else lines.add(event)
    },
  })
  const flush = async (): Promise<void> => {
    const data = flags.format === 'text' ? printed : lines.take()
    printed = ''
    if (data.length > 0) await terminal.write(data)
  }
  try {
    for (const path of files.length > 0 ? files : ['-']) {
      for await (const chunk of openInput(path, terminal)) {
        decoder.push(chunk)
        await flush() // At once: who pipes a live log through waits for its events.
      }
      decoder.push(NEWLINE) // A last line without an end must not run into the next file.
    }
  } finally {
    decoder.end()
    await flush()
    report(context, decoder.counters)
  }
  if (decoder.counters.events === 0) throw nothing(decoder.counters)
}

const NEWLINE = Buffer.from('\n')

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
