import { InvalidArgumentError } from 'commander'

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** Where servers listen when nothing else is said. */
export const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 7070 }

/** An address as `--listen` takes it: `127.0.0.1:7070`, `[::1]:7070`, `:7070` or `7070`. */
export function listenOption(text: string): ListenAddress {
  const match = /^(?:(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]*)):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) throw new InvalidArgumentError('It takes an address like 127.0.0.1:7070 or a port.')
  return { host: match[1] || match[2] || '127.0.0.1', port }
}
