import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createDecoder, decodeStream } from './index.ts'

const LOG = Buffer.from(
  'type=SYSCALL msg=audit(1.001:1): pid=7\ntype=EOE msg=audit(1.001:1): \ntype=SYSCALL msg=audit(1.001:2): pid=8\n',
)

describe('ways to read events', () => {
  it('a callback', () => {
    const pids: number[] = []
    const decoder = createDecoder({ onEvent: (event) => pids.push(event.pid) })
    decoder.push(new Uint8Array(LOG))
    decoder.end()
    expect(pids).toEqual([7, 8])
    expect(decoder.counters.events).toBe(2)
  })

  it('async iteration beside pushes', async () => {
    const decoder = createDecoder()
    const pids: number[] = []
    const reading = (async () => {
      for await (const event of decoder) pids.push(event.pid)
    })()
    decoder.push(LOG.subarray(0, 60))
    await Promise.resolve()
    decoder.push(LOG.subarray(60))
    decoder.end()
    await reading
    expect(pids).toEqual([7, 8])
  })

  it('a Node stream and a web stream', async () => {
    for (const source of [Readable.from([LOG]), new Blob([new Uint8Array(LOG)]).stream()] as AsyncIterable<Uint8Array>[]) {
      const pids: number[] = []
      for await (const event of decodeStream(source)) pids.push(event.pid)
      expect(pids).toEqual([7, 8])
    }
  })
})
