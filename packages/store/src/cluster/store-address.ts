import type { Address, Login } from '../engine/address.ts'
import { ENGINE_USERS } from '../engine/engine-users.ts'
import { StoreError } from '../store-error.ts'

/** What an address given with `--store` says. */
export interface StoreAddress {
  /** Hosts as given, each `http://host:port`. */
  readonly hosts: readonly string[]
  readonly login: Login
  /** Name of the cluster as the servers call it (`remote_servers`); empty for a single server. */
  readonly cluster: string
}

const FORM = /^(https?):\/\/(?:([^@/?#]*)@)?([^/?#]+)\/?(\?[^#]*)?$/

/**
 * Reads `http://user:password@host:8123`, or of a cluster `http://user:password@host-1:8123,host-2:8123/?cluster=name`.
 *
 * @throws StoreError PW-ST-010, without the password in its words.
 */
export function readStoreAddress(text: string, given: Partial<Login> = {}): StoreAddress {
  const [, scheme, account = '', hostList = '', query = ''] = FORM.exec(text) ?? []
  const hosts = hostList.split(',').map((host) => `${scheme}://${host}`)
  if (scheme === undefined || hosts.some((host) => !URL.canParse(host))) throw notAnAddress('It is not an HTTP address.')
  const params = new URLSearchParams(query)
  const unknown = [...params.keys()].find((name) => name !== 'cluster')
  if (unknown !== undefined) throw notAnAddress(`It has a parameter "${unknown}", which does not exist.`)
  const cluster = params.get('cluster') ?? ''
  if (hosts.length > 1 && cluster === '') throw notAnAddress('It has several hosts, but does not say what cluster they are.')
  const colon = account.indexOf(':')
  const [user, password] = colon < 0 ? [account, ''] : [account.slice(0, colon), account.slice(colon + 1)]
  const login = {
    username: given.username ?? (user === '' ? 'default' : decodeURIComponent(user)),
    password: given.password ?? decodeURIComponent(password),
  }
  return { hosts: hosts.map((host) => new URL(host).href.replace(/\/$/, '')), login, cluster }
}

/** An address for a connection to some hosts, with one account for all that podwitness does. */
export function addressOf(hosts: readonly string[], login: Login): Address {
  const [url = '', ...others] = hosts
  const logins = Object.fromEntries(ENGINE_USERS.map((user) => [user, login])) as Address['logins']
  return { url, others, logins }
}

function notAnAddress(why: string): StoreError {
  return new StoreError('PW-ST-010', {
    what: 'The address of the store cannot be used.',
    why,
    todo: 'Write it as http://user:password@host:8123, or of a cluster http://user:password@host-1:8123,host-2:8123/?cluster=NAME',
  })
}
