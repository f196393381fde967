import { createDecoder, type DecodedEvent } from '@podwitness/audit'
import { expect, it } from 'vitest'
import type { ContainerFact } from './cri-client.ts'
import { FoundRuntime } from './found-runtime.ts'
import { NodeKnowledge } from './node-knowledge.ts'
import { ProcFiles } from './proc-files.ts'

const fact = (id: string): ContainerFact => ({
  kind: 'container',
  id,
  cgroup: '',
  labels: { 'io.kubernetes.pod.namespace': 'shop' },
  image: 'x',
  createdAt: '2026-11-21T02:52:32.000Z',
  args: [],
  initPid: 5,
  node: 'n',
})

function event(pid: number, ppid: number, comm = 'x'): DecodedEvent {
  const decoder = createDecoder()
  const head = `msg=audit(1700000000.100:${pid}):`
  decoder.push(
    Buffer.from(
      `type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=${ppid} pid=${pid} comm="${comm}" exe="/x"\n`,
    ),
  )
  decoder.end()
  return decoder.read()[0] as DecodedEvent
}

it('ships every process once, unknown parents when they show up, and containers as they come and go', async () => {
  const lines: { kind: string; pid?: number; container?: { kind: string; id: string } }[] = []
  let running: ContainerFact[] = [fact('a'), fact('b')]
  let socket: string | undefined
  const opened: string[] = []
  const stop = new AbortController()
  const knowledge = new NodeKnowledge({
    boot: 'b',
    proc: new ProcFiles('/proc'),
    runtime: new FoundRuntime(
      () => socket,
      async (path) => {
        opened.push(path)
        return { list: async () => running, close: () => {} }
      },
    ),
    pods: undefined,
    lookUp: false,
    keep: async (kept) => void lines.push(...kept.map((line) => JSON.parse(line.toString()))),
    say: () => {},
  })
  knowledge.restore({ containers: [fact('a')], processes: [] })
  const done = knowledge.run(stop.signal)
  await expect.poll(() => lines.some(({ pid }) => pid === process.pid)).toBe(true)
  // The runtime is not there yet: what was known before is not gone for that.
  expect([knowledge.container('a'), lines.filter(({ kind }) => kind === 'container')]).toEqual([fact('a'), []])
  socket = '/run/late.sock'
  knowledge.observe(event(999_998, process.pid, 'runc'))
  await expect.poll(() => lines.filter(({ kind }) => kind === 'container').length, { timeout: 5000 }).toBe(1)
  expect([opened, knowledge.containerCount]).toEqual([['/run/late.sock'], 2])
  expect(lines.filter(({ pid }) => pid === process.pid)).toHaveLength(1)
  running = [fact('b'), { ...fact('short'), initPid: 0, endedMs: 1_700_000_000_000 }]
  const runtimeSeen = event(999_999, process.pid, 'runc')
  knowledge.observe(runtimeSeen)
  await expect.poll(() => lines.some(({ container }) => container?.kind === 'gone'), { timeout: 8000 }).toBe(true)
  expect(knowledge.containerCount).toBe(1)
  expect(knowledge.container('a')).toEqual(fact('a')) // Its records may still come.
  expect(knowledge.processes.get(999_999)?.ppid).toBe(process.pid)
  // It ended before anybody could ask: it is named once, and gone since it ended.
  expect(lines.flatMap(({ container }) => (container?.id === 'short' ? [container] : []))).toMatchObject([
    { kind: 'container', labels: { 'io.kubernetes.pod.namespace': 'shop' } },
    { kind: 'gone', t: 1_700_000_000 },
  ])
  stop.abort()
  await done
  const next = new NodeKnowledge({
    boot: 'b',
    proc: new ProcFiles('/proc'),
    runtime: undefined,
    pods: undefined,
    lookUp: false,
    keep: async () => {},
    say: () => {},
  })
  next.restore(JSON.parse(JSON.stringify(knowledge.state())))
  expect(next.container('b')).toEqual(fact('b'))
  expect(next.processes.get(999_999)?.ppid).toBe(process.pid)
})
