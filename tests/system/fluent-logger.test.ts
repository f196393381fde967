import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIntake, startOtherWays } from '@podwitness/server'
import { openStore } from '@podwitness/store'
import { expect, it } from 'vitest'

/** What a program does with the protocol's own library for Python; the last line says whether everything was sent. */
const PROGRAM = `
import sys
from fluent import sender
logger = sender.FluentSender('shop', host='127.0.0.1', port=int(sys.argv[1]), nanosecond_precision=True, timeout=10)
for number in range(100):
    assert logger.emit('orders', {'message': 'order %d' % number, 'level': 'info', 'amount': number}), logger.last_error
logger.close()
`

it("Debian's fluent-logger sends and nothing is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podwitness-fluent-live-'))
  const store = await openStore({ dataDir: join(folder, 'data'), role: 'server' })
  const intake = await startIntake(store, { folder, host: '127.0.0.1', port: 0 })
  const config = { fluentForward: [{ listen: '127.0.0.1:0', transport: 'tcp' as const, cluster: 'c' }] }
  const ways = await startOtherWays(config, intake, folder)
  try {
    const port = /:(\d+) /.exec(ways.names[0] ?? '')?.[1] ?? ''
    execFileSync('/usr/bin/python3', ['-c', PROGRAM, port], { encoding: 'utf8' })
    const sql = "SELECT count(), uniqExact(message), sum(toUInt32(labels['amount'])) FROM audit.events WHERE name = 'shop.orders'"
    const stored = async () => [...((await store.reader.query({ sql })).rows[0] ?? [])].map(Number)
    await expect.poll(stored, { timeout: 20_000 }).toEqual([100, 100, 4950])
  } finally {
    await ways.close()
    await intake.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
