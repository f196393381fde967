import { conform } from '@podwitness/store'
import type { Context } from '../context.ts'
import type { AddCommand } from '../run.ts'
import { visibleText } from '../text/visible-text.ts'

interface VerifyFlags {
  readonly url: string
  readonly json?: boolean
}

/** `podwitness store …`: the engine and what is in it. */
export const storeCommand: AddCommand = (program, run) => {
  const store = program.command('store').description('the engine that holds the data')
  store
    .command('verify')
    .description('try whether a ClickHouse server or cluster does what podwitness needs; exit 1 when it does not')
    .requiredOption('--url <url>', 'http://user:password@host:8123, of a cluster http://…@host-1:8123,host-2:8123/?cluster=NAME')
    .option('--json', 'NDJSON, one question a line')
    .action((flags: VerifyFlags, command) => run(command, (context) => verifyServer(context, flags)))
}

async function verifyServer(context: Context, { url, json }: VerifyFlags): Promise<void> {
  const { terminal, paint } = context
  for await (const answer of conform({ url })) {
    const { question, ok, text, tookMs } = answer
    if (!ok) context.exit = 1
    const word = paint(ok ? 'green' : 'red', (ok ? 'ok' : 'FAILED').padEnd(7))
    const time = `${tookMs} ms`.padStart(9)
    const line = `${word}${time}  ${question}${text === '' ? '' : `: ${visibleText(text)}`}`
    await terminal.write(`${json === true ? JSON.stringify(answer) : line}\n`)
  }
}
