import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configXml } from '../engine/engine-config.ts'
import { EngineProcess } from '../engine/engine-process.ts'
import { randomPasswords, usersXml } from '../engine/engine-users.ts'
import { libraryPath } from '../engine/library-path.ts'

/** What a cluster of engines is made of. */
export interface LabOptions {
  readonly shards: number
  /** Port of a ZooKeeper on this machine; none, and tables cannot be replicated. */
  readonly zookeeperPort?: number
}

interface Ports {
  readonly http: number
  readonly tcp: number
}

/** A cluster `lab` of real engines, each a process of its own and a shard of its own. */
export class ClusterLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'podwitness-cluster-'))
  readonly passwords = randomPasswords()
  readonly #options: LabOptions
  #ports: Ports[] = []
  readonly #engines = new Map<number, EngineProcess>()

  constructor(options: LabOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    for (let at = 0; at < this.#options.shards; at++) this.#ports.push({ http: await lastingPort(), tcp: await lastingPort() })
    await Promise.all(this.#ports.map((_, at) => this.startEngine(at)))
  }

  async startEngine(at: number): Promise<void> {
    const folder = join(this.folder, `engine-${at}`)
    mkdirSync(folder, { recursive: true })
    const users = join(folder, 'users.xml')
    const config = join(folder, 'config.xml')
    writeFileSync(users, usersXml(this.passwords))
    writeFileSync(config, configXml(users, this.#clusterXml(at)))
    const { http: httpPort, tcp: tcpPort } = this.#ports[at] ?? { http: 0, tcp: 0 }
    const command = { library: libraryPath(), config, dataPath: join(folder, 'data'), httpPort, tcpPort }
    this.#engines.set(at, await EngineProcess.start(command))
  }

  /** Starts every engine that has ended: the embedded one may abort where a peer it is speaking to goes. */
  async revive(): Promise<void> {
    for (const at of this.#ports.keys()) {
      if (this.#engines.get(at)?.alive === true) continue
      await this.startEngine(at)
    }
  }

  async stopEngine(at: number): Promise<void> {
    const engine = this.#engines.get(at)
    engine?.kill()
    await engine?.exited
    this.#engines.delete(at)
  }

  /** Address of one engine, with an account that may do everything. */
  url(at: number): string {
    return `http://admin:${this.passwords.admin}@${this.host(at)}`
  }

  host(at: number): string {
    return `127.0.0.1:${this.#ports[at]?.http}`
  }

  /** Address of the whole cluster as `--store` takes it. */
  get clusterUrl(): string {
    const hosts = this.#ports.map((_, at) => this.host(at)).join(',')
    return `http://admin:${this.passwords.admin}@${hosts}/?cluster=lab`
  }

  async close(): Promise<void> {
    for (const at of [...this.#engines.keys()]) await this.stopEngine(at)
    rmSync(this.folder, { recursive: true, force: true })
  }

  #clusterXml(at: number): string {
    const account = `<user>admin</user><password>${this.passwords.admin}</password>`
    const shards = this.#ports.map(
      ({ tcp }) =>
        `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${tcp}</port>${account}</replica></shard>`,
    )
    const { zookeeperPort } = this.#options
    const keeper =
      zookeeperPort === undefined ? '' : `<zookeeper><node><host>127.0.0.1</host><port>${zookeeperPort}</port></node></zookeeper>`
    return `<remote_servers><lab>${shards.join('')}</lab></remote_servers>
<macros><shard>${at + 1}</shard><replica>replica-1</replica></macros>${keeper}`
  }
}

/** A free port below those that outgoing connections get: an engine that is started again finds it free again. */
async function lastingPort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000)
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}
