import { constants } from './constant-words.ts'

/** Levels that are no protocol numbers. Source: include/linux/socket.h, SOL_* (not exported to user space). */
const LEVELS = (
  '1:SOL_SOCKET 256:SOL_IPX 257:SOL_AX25 258:SOL_ATALK 259:SOL_NETROM 260:SOL_ROSE 261:SOL_DECNET 262:SOL_X25 263:SOL_PACKET ' +
  '264:SOL_ATM 265:SOL_AAL 266:SOL_IRDA 267:SOL_NETBEUI 268:SOL_LLC 269:SOL_DCCP 270:SOL_NETLINK 271:SOL_TIPC 272:SOL_RXRPC ' +
  '273:SOL_PPPOL2TP 274:SOL_BLUETOOTH 275:SOL_PNPIPE 276:SOL_RDS 277:SOL_IUCV 278:SOL_CAIF 279:SOL_ALG 280:SOL_NFC 281:SOL_KCM ' +
  '282:SOL_TLS 283:SOL_XDP 284:SOL_MPTCP 285:SOL_MCTP 286:SOL_SMC 287:SOL_VSOCK'
).split(' ')

const LEVEL_WORDS: ReadonlyMap<number, string> = new Map(
  LEVELS.map((entry) => [Number(entry.slice(0, entry.indexOf(':'))), entry.slice(entry.indexOf(':') + 1)]),
)

/** Table of the options of a level, where one is known. */
const OPTIONS: Readonly<Record<number, string>> = {
  0: 'ipOption',
  1: 'socketOption',
  6: 'tcpOption',
  17: 'udpOption',
  41: 'ip6Option',
  263: 'packetOption',
}

/** `SOL_SOCKET` for 1, `tcp` for 6: below the families a level is a protocol. Undefined for a level without a word. */
export function socketLevelWord(level: number): string | undefined {
  return LEVEL_WORDS.get(level) ?? (level < 256 ? constants('protocol').get(level) : undefined)
}

/** `TCP_NODELAY` for option 1 of level 6; undefined where either has no word. */
export function socketOptionWord(level: number, option: number): string | undefined {
  const table = OPTIONS[level]
  return table === undefined ? undefined : constants(table).get(option)
}
