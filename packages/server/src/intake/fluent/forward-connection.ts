import type { Socket } from 'node:net'
import { encode } from '@msgpack/msgpack'
import type { ByteBudget } from '../byte-budget.ts'
import type { Parcel, ParcelResult } from '../parcel.ts'
import type { RejectsRoom } from '../rejects-room.ts'
import { readForward, readValue } from './forward-message.ts'
import { forwardParcel } from './forward-parcel.ts'
import { type FrameFault, MsgpackFrames } from './msgpack-frames.ts'
import { SharedKeyHandshake } from './shared-key.ts'

/** What connections of one listener share. */
export interface ForwardScope {
  readonly cluster: string
  /** Name of this server in the handshake. */
  readonly name: string
  /** Senders have to know it where it is set. */
  readonly sharedKey: string | undefined
  readonly submit: (parcel: Parcel) => Promise<ParcelResult>
  readonly rejects: RejectsRoom
  readonly budget: ByteBudget
}

/** The longest message, bytes; Fluentd's chunks are 8 MiB unless configured. */
const MAX_MESSAGE = 16 * 1024 * 1024
const HANDSHAKE_MS = 10_000
const IDLE_MS = 3_600_000

/**
 * Serves one sender of the forward protocol: a chunk is acknowledged when it is stored. Where it cannot be stored the
 * connection ends without an answer, so that the sender keeps it and comes again.
 * Source: Fluentd Forward Protocol Specification v1.
 */
export function serveForward(socket: Socket, scope: ForwardScope): void {
  const frames = new MsgpackFrames(MAX_MESSAGE)
  const handshake = scope.sharedKey === undefined ? undefined : new SharedKeyHandshake(scope.sharedKey, scope.name)
  let isKnown = handshake === undefined
  let turn = Promise.resolve()
  const refuse = (code: string, bytes: Buffer): void => {
    const text = bytes.subarray(0, 1024).toString('latin1')
    scope.rejects.add({ source: 'fluent', cluster: scope.cluster, node: '', code, bytes: bytes.length, text })
  }
  const end = (code: FrameFault | 'not_known', bytes: Buffer): void => {
    refuse(code, bytes)
    socket.end()
    setTimeout(() => socket.destroy(), 1000).unref()
  }
  const greet = (ping: Buffer): void => {
    const answer = handshake?.judge(readValue(ping))
    if (answer === undefined) return
    isKnown = answer.isKnown
    socket.write(encode(answer.pong))
    if (isKnown) socket.setTimeout(IDLE_MS)
    else end('not_known', ping.subarray(0, 0))
  }
  socket.setTimeout(handshake === undefined ? IDLE_MS : HANDSHAKE_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  if (handshake !== undefined) socket.write(encode(handshake.helo))
  socket.on('data', (bytes: Buffer) => {
    const { values, fault } = frames.push(bytes)
    if (values.length === 0 && fault === undefined) return
    // What arrived together is stored together; more is read when that is stored, so a sender that is too fast waits.
    socket.pause()
    turn = turn
      .then(async () => {
        const ping = isKnown ? undefined : values.shift()
        if (ping !== undefined) greet(ping)
        if (isKnown) await Promise.all(values.map((value) => store(value, socket, scope, refuse)))
        if (fault !== undefined) end(fault, bytes)
        socket.resume()
      })
      .catch(() => {
        socket.destroy()
      })
  })
}

async function store(
  bytes: Buffer,
  socket: Socket,
  { cluster, submit, budget }: ForwardScope,
  refuse: (code: string, bytes: Buffer) => void,
): Promise<void> {
  budget.take(bytes.length)
  try {
    const message = await readForward(readValue(bytes))
    if (message === null) return refuse('not_a_message', bytes)
    if (message.unusable > 0) refuse('not_an_entry', bytes)
    await submit(forwardParcel(message, cluster, Date.now())).catch((error: unknown) => {
      // A sender that waits for no answer does not know that it has to come again.
      if (message.chunk === undefined) refuse('not_stored', bytes)
      throw error
    })
    if (message.chunk !== undefined && socket.writable) socket.write(encode({ ack: message.chunk }))
  } finally {
    budget.give(bytes.length)
  }
}
