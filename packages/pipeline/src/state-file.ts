import { randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** Where a reader stands, and what it is sending: the same batch must go out again under the same name after a crash. */
export interface CursorState {
  readonly segment: number
  readonly offset: number
  /** Sequence number of the next frame to send. */
  readonly seq: number
  /** End of the batch being sent; 0 where none is. */
  readonly sendingEnd: number
}

/** What a spool remembers beside its segments. */
export interface SpoolState {
  /** Names this spool in batch ids; a new one is made where the state was lost, as old batch borders are then unknown. */
  readonly id: string
  readonly backlog: CursorState
  readonly fresh: CursorState | null
  /** Readers between the two, oldest first: what came between one absence of the receiver and the next. */
  readonly between?: readonly CursorState[]
}

const SLOT_BYTES = 512
const SLOT_HEAD = 16
/** Cursors that surely fit into a slot beside the name. */
export const MAX_CURSORS = 6

/**
 * The state in two slots of one file, written in turn and in place: a cut write leaves the other slot, and a full disk
 * cannot refuse it, as no new block is needed. (A file written beside it and renamed would need one.)
 */
export class StateFile {
  readonly #file: FileHandle
  #turn: number
  #text: string
  readonly state: SpoolState

  private constructor(file: FileHandle, turn: number, state: SpoolState, text: string) {
    this.#file = file
    this.#turn = turn
    this.#text = text
    this.state = state
  }

  /** Opens the file; one that is missing or damaged in both slots gives a new state, which begins at the oldest segment. */
  static async open(path: string): Promise<StateFile> {
    const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return open(path, 'w+', 0o600)
      throw error
    })
    const bytes = Buffer.alloc(2 * SLOT_BYTES)
    await file.read(bytes, 0, bytes.length, 0)
    const slots = [0, 1].map((index) => readSlot(bytes.subarray(index * SLOT_BYTES, (index + 1) * SLOT_BYTES)))
    const newest = slots.reduce((a, b) => ((b?.turn ?? 0) > (a?.turn ?? 0) ? b : a), undefined)
    if (newest !== undefined) return new StateFile(file, newest.turn, newest.state, newest.text)
    const state: SpoolState = { id: randomBytes(8).toString('hex'), backlog: START, fresh: null }
    const made = new StateFile(file, 0, state, '')
    await made.write(state)
    await made.write({ ...state, fresh: START }) // Both slots get their blocks now.
    await made.write(state)
    return made
  }

  /** Makes a state durable; nothing where it is the one that is stored. */
  async write(state: SpoolState): Promise<void> {
    const text = textOf(state)
    if (text === this.#text) return
    const turn = this.#turn + 1
    const slot = Buffer.alloc(SLOT_BYTES)
    const length = slot.write(text, SLOT_HEAD)
    slot.writeUInt32LE(length, 4)
    slot.writeUIntLE(turn, 8, 6)
    slot.writeUInt32LE(crc32(slot.subarray(4, SLOT_HEAD + length)), 0)
    await this.#file.write(slot, 0, SLOT_BYTES, (turn % 2) * SLOT_BYTES)
    await this.#file.datasync()
    this.#turn = turn
    this.#text = text
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

const START: CursorState = { segment: 0, offset: 0, seq: 0, sendingEnd: 0 }

/** Those in between are written without names, for want of room. */
function textOf({ between = [], ...state }: SpoolState): string {
  const short = between.map(({ segment, offset, seq, sendingEnd }) => [segment, offset, seq, sendingEnd])
  return JSON.stringify(short.length === 0 ? state : { ...state, between: short })
}

function stateOf(text: string): SpoolState {
  const { between = [], ...state } = JSON.parse(text) as Omit<SpoolState, 'between'> & {
    between?: [number, number, number, number][]
  }
  const cursors = between.map(([segment, offset, seq, sendingEnd]) => ({ segment, offset, seq, sendingEnd }))
  return cursors.length === 0 ? state : { ...state, between: cursors }
}

function readSlot(slot: Buffer): { turn: number; state: SpoolState; text: string } | undefined {
  const length = slot.readUInt32LE(4)
  if (length === 0 || length > SLOT_BYTES - SLOT_HEAD) return undefined
  if (slot.readUInt32LE(0) !== crc32(slot.subarray(4, SLOT_HEAD + length))) return undefined
  const text = slot.toString('utf8', SLOT_HEAD, SLOT_HEAD + length)
  return { turn: slot.readUIntLE(8, 6), state: stateOf(text), text }
}
