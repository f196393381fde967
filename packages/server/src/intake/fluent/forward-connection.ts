import type { Socket } from 'node:net'
import { encode } from '@msgpack/msgpack'
import type { Parcel, ParcelResult } from '../../rows/parcel.ts'
import type { ByteBudget } from '../byte-budget.ts'
import { IntakeError } from '../intake-error.ts'
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
const MAX_MESSAGE = { bytes: 16 * 1024 * 1024 }
/** Who has not proven to know the key brings a PING and nothing else. */
const MAX_PING = { bytes: 4096, values: 1, items: 64 }
const HANDSHAKE_MS = 10_000
const IDLE_MS = 3_600_000
/** A message that has begun has to end within this time, milliseconds. */
const MESSAGE_MS = 60_000

/**
 * Serves one sender of the forward protocol: a chunk is acknowledged when it is stored. Where it cannot be stored the
 * connection ends without an answer, so that the sender keeps it and comes again.
 * Source: Fluentd Forward Protocol Specification v1.
 */
export function serveForward(socket: Socket, scope: ForwardScope): void {
  new ForwardConnection(socket, scope).start()
}

class ForwardConnection {
  readonly #socket: Socket
  readonly #scope: ForwardScope
  readonly #frames: MsgpackFrames
  readonly #handshake: SharedKeyHandshake | undefined
  /** Share of the budget for a message that is not complete. */
  #held = 0
  #tooSlow: NodeJS.Timeout | undefined
  #isKnown: boolean
  #isEnded = false
  #turn: Promise<void> = Promise.resolve()

  constructor(socket: Socket, scope: ForwardScope) {
    this.#socket = socket
    this.#scope = scope
    this.#handshake = scope.sharedKey === undefined ? undefined : new SharedKeyHandshake(scope.sharedKey, scope.name)
    this.#isKnown = this.#handshake === undefined
    this.#frames = new MsgpackFrames(this.#isKnown ? MAX_MESSAGE : MAX_PING)
  }

  start(): void {
    const socket = this.#socket
    socket.setTimeout(this.#isKnown ? IDLE_MS : HANDSHAKE_MS, () => {
      if (!this.#isKnown) this.#refuse('handshake_timeout', NOTHING)
      socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#holdRest(0))
    if (this.#handshake !== undefined) socket.write(encode(this.#handshake.helo))
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
  }

  #take(bytes: Buffer): void {
    if (this.#isEnded) return
    const { values, fault } = this.#frames.push(bytes)
    try {
      this.#holdRest(fault === undefined ? this.#frames.heldBytes : 0)
    } catch {
      this.#end('too_much_at_once', NOTHING)
      return
    }
    if (values.length === 0 && fault === undefined) return
    // What arrived together is stored together; more is read when that is stored, so a sender that is too fast waits.
    this.#socket.pause()
    this.#turn = this.#turn
      .then(() => this.#takeValues(values, fault, bytes))
      .catch((error: unknown) => {
        if (error instanceof IntakeError) this.#refuse(error.code, NOTHING)
        this.#socket.destroy()
      })
  }

  async #takeValues(values: Buffer[], fault: FrameFault | undefined, bytes: Buffer): Promise<void> {
    const ping = this.#isKnown ? undefined : values.shift()
    if (ping !== undefined) this.#greet(ping)
    if (this.#isKnown) await Promise.all(values.map((value) => this.#store(value)))
    if (fault !== undefined) this.#end(fault, bytes)
    this.#socket.resume()
  }

  #greet(ping: Buffer): void {
    const answer = this.#handshake?.judge(readValue(ping))
    if (answer === undefined) return
    this.#isKnown = answer.isKnown
    this.#socket.write(encode(answer.pong))
    if (this.#isKnown) {
      this.#frames.bounds = MAX_MESSAGE
      this.#socket.setTimeout(IDLE_MS)
    } else this.#end('not_known', NOTHING)
  }

  /** Charges the budget with what waits for the rest of its message, and gives that message its time. */
  #holdRest(bytes: number): void {
    const { budget } = this.#scope
    if (bytes > this.#held) budget.take(bytes - this.#held)
    else budget.give(this.#held - bytes)
    this.#held = bytes
    if (bytes === 0) {
      clearTimeout(this.#tooSlow)
      this.#tooSlow = undefined
    } else this.#tooSlow ??= setTimeout(() => this.#end('too_slow', NOTHING), MESSAGE_MS).unref()
  }

  async #store(bytes: Buffer): Promise<void> {
    const { cluster, submit, budget } = this.#scope
    let held = 0
    const hold = (more: number): void => {
      budget.take(more)
      held += more
    }
    try {
      hold(bytes.length)
      const message = await readForward(readValue(bytes), hold)
      if (message === null) {
        this.#refuse('not_a_message', bytes)
        return
      }
      if (message.unusable > 0) this.#refuse('not_an_entry', bytes)
      await submit(forwardParcel(message, cluster, Date.now())).catch((error: unknown) => {
        // A sender that waits for no answer does not know that it has to come again.
        if (message.chunk === undefined) this.#refuse('not_stored', bytes)
        throw error
      })
      if (message.chunk !== undefined && this.#socket.writable) this.#socket.write(encode({ ack: message.chunk }))
    } finally {
      budget.give(held)
    }
  }

  #refuse(code: string, bytes: Buffer): void {
    const { rejects, cluster } = this.#scope
    const text = bytes.subarray(0, 1024).toString('latin1')
    rejects.add({ source: 'fluent', cluster, node: '', code, bytes: bytes.length, text })
  }

  #end(code: string, bytes: Buffer): void {
    this.#isEnded = true
    this.#refuse(code, bytes)
    this.#holdRest(0)
    this.#socket.end()
    setTimeout(() => this.#socket.destroy(), 1000).unref()
  }
}

const NOTHING = Buffer.alloc(0)
