import { blankRow, openStore } from '@podwitness/store'

/** Stores batches of events as fast as it can and says which were acknowledged, until its disk or its process ends. */
const [dataDir = '', run = ''] = process.argv.slice(2)
const WRITERS = 3
const ROWS = 100

async function main(): Promise<void> {
  const store = await openStore({ dataDir, role: 'server' })
  process.stdout.write('ready\n')
  const write = async (writer: number): Promise<void> => {
    for (let batch = 0; ; batch++) {
      const name = `${run}-${writer}-${batch}`
      const rows = Array.from({ length: ROWS }, (_, at) => ({
        ...blankRow('events'),
        ...{ event_id: `${name}-${at}`, kind: 'Command' as const, time: `2026-11-2${at % 3} 02:00:00.000001`, cluster: 'power' },
        ...{ cmdline: name, raw: `raw ${name} ${at}`, batch_id: '' },
      }))
      await store.writer.insert('events', rows, name)
      process.stdout.write(`${name}\n`)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
}
main().catch(() => {
  // The disk is gone: nothing more is acknowledged, and the parent ends us.
  setInterval(() => {}, 1_000)
})
