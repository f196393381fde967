import { createInterface } from 'node:readline'
import { AlertLoop } from '@podwitness/server'
import { openStore, type Store } from '@podwitness/store'

/**
 * A server's alerts in a process of its own, on a store that others use too. Each line of standard input is a moment;
 * it does what is due then and says so. `die` ends the process as `kill -9` does, at the insert into a table.
 */
interface Moment {
  readonly now: number
  readonly die?: { readonly table: string; readonly when: 'before' | 'after' }
}

const [url = '', host = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  const store = await openStore({ url })
  let moment: Moment = { now: 0 }
  const end = (table: string, when: 'before' | 'after'): void => {
    if (moment.die?.table === table && moment.die.when === when) process.kill(process.pid, 'SIGKILL')
  }
  const writer: Store['writer'] = {
    knownEventIds: (range) => store.writer.knownEventIds(range),
    insert: async (table, rows, token) => {
      end(table, 'before')
      await store.writer.insert(table, rows, token)
      end(table, 'after')
    },
  }
  const watched: Store = new Proxy(store, {
    get: (target, name) => (name === 'writer' ? writer : Reflect.get(target, name, target)),
  })
  const send = { allowTargets: [host], env: {} }
  const loop = new AlertLoop(watched, { origin: 'http://pw', send, now: () => moment.now })
  process.stdout.write('ready\n')
  for await (const line of createInterface({ input: process.stdin })) {
    moment = JSON.parse(line) as Moment
    await loop.tick()
    process.stdout.write('done\n')
  }
  await store.close()
}
void main()
