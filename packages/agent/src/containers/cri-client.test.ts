import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type UntypedHandleCall,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CriClient, readInfo } from './cri-client.ts'

const PROTO = fileURLToPath(new URL('../../proto/cri.proto', import.meta.url))
let folder = ''
let server: Server
let client: CriClient
let asked: string[] = []

const answer =
  (value: object): UntypedHandleCall =>
  (call: { getPath(): string }, done: (error: null, value: object) => void) => {
    asked.push(call.getPath().split('/').at(-1) ?? '')
    done(null, value)
  }

/** A fake runtime, after the published API (k8s.io/cri-api) and containerd 1.6's answers: a real one has no pods here. */
async function fakeRuntime(socket: string): Promise<void> {
  const { runtime } = loadPackageDefinition(loadSync(PROTO, { keepCase: true, longs: String })) as unknown as {
    runtime: { v1: { RuntimeService: ServiceClientConstructor } }
  }
  const info = (pid: number): object => ({
    info: {
      info: JSON.stringify({ pid, runtimeSpec: { process: { args: ['sleep', '1'] }, linux: { cgroupsPath: '/kubepods/x' } } }),
    },
  })
  const at = '1795229552371440760'
  server = new Server()
  server.addService(runtime.v1.RuntimeService.service, {
    Version: answer({ runtime_name: 'fake', runtime_version: '1' }),
    ListPodSandbox: answer({
      items: [
        { id: 's1', state: 0, created_at: at, labels: { 'io.kubernetes.pod.name': 'web' } },
        { id: 's0', state: 1, created_at: at },
      ],
    }),
    PodSandboxStatus: answer(info(10)),
    ListContainers: answer({
      containers: [
        { id: 'c1', state: 1, created_at: at, image: { image: 'debian:12' }, labels: { 'io.kubernetes.container.name': 'app' } },
        { id: 'c0', state: 2, created_at: at, image: { image: 'sha256:abc' } },
        { id: 'c9', state: 0, created_at: at },
      ],
    }),
    ContainerStatus: (call: { request: { container_id: string } }, done: (error: null, value: object) => void) => {
      asked.push('ContainerStatus')
      const ended = { status: { finished_at: at, image: { image: 'registry.example/app:1' } } }
      done(null, call.request.container_id === 'c0' ? ended : info(11))
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    )
  })
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podwitness-cri-'))
  asked = []
  await fakeRuntime(join(folder, 'cri.sock'))
  client = new CriClient(join(folder, 'cri.sock'), 'node-1')
})
afterEach(() => {
  client.close()
  server.forceShutdown()
  rmSync(folder, { recursive: true })
})

it('tells what runs, in the shape of the recording, and asks about each once', async () => {
  expect(await client.version()).toBe('fake 1')
  const facts = await client.list()
  const common = {
    kind: 'container',
    cgroup: '/kubepods/x',
    args: ['sleep', '1'],
    createdAt: '2026-11-21T02:52:32.371Z',
    node: 'node-1',
  }
  expect(facts).toEqual([
    {
      ...common,
      id: 's1',
      image: '',
      initPid: 10,
      labels: { 'io.cri-containerd.kind': 'sandbox', 'io.kubernetes.pod.name': 'web' },
    },
    {
      ...common,
      id: 'c1',
      image: 'debian:12',
      initPid: 11,
      labels: { 'io.cri-containerd.kind': 'container', 'io.kubernetes.container.name': 'app' },
    },
    // The list has only a digest, and the container has ended: the status has its name and its end.
    {
      ...common,
      cgroup: '',
      args: [],
      id: 'c0',
      image: 'registry.example/app:1',
      initPid: 0,
      endedMs: 1_795_229_552_371,
      labels: { 'io.cri-containerd.kind': 'container' },
    },
  ])
  asked = []
  await client.list()
  expect(asked.sort()).toEqual(['ListContainers', 'ListPodSandbox'])
})

it('says so when nobody answers', async () => {
  server.forceShutdown()
  await expect(client.version()).rejects.toThrow(/UNAVAILABLE|CANCELLED/)
})

it.each(['', '{', '{"pid":"x"}', '[]', '{"runtimeSpec":{}}'])('makes nothing of %j', (text) => {
  expect(readInfo(text)).toEqual({ cgroup: '', args: [], initPid: 0 })
})
