interface Field {
  readonly number: number
  readonly value: bigint | Buffer
}

/** Fields of one message at most. */
const MAX_FIELDS = 200_000

/**
 * Reads the fields of one protobuf message. Source: protobuf.dev, "Encoding".
 *
 * @throws RangeError where the bytes are no message.
 */
export class ProtobufReader {
  readonly #fields: Field[] = []

  constructor(bytes: Buffer) {
    let at = 0
    const varint = (): bigint => {
      let value = 0n
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const byte = bytes[at++]
        if (byte === undefined) throw new RangeError('a number ends early')
        value |= BigInt(byte & 0x7f) << shift
        if (byte < 0x80) return BigInt.asUintN(64, value)
      }
      throw new RangeError('a number is too long')
    }
    const take = (length: number): Buffer => {
      if (length > bytes.length - at) throw new RangeError('a field ends early')
      at += length
      return bytes.subarray(at - length, at)
    }
    while (at < bytes.length) {
      const key = Number(varint())
      const number = key >>> 3
      if (this.#fields.length >= MAX_FIELDS || number === 0) throw new RangeError('not a message')
      const wire = key & 7
      if (wire === 0) this.#fields.push({ number, value: varint() })
      else if (wire === 1) this.#fields.push({ number, value: take(8).readBigUInt64LE() })
      else if (wire === 2) this.#fields.push({ number, value: take(Number(varint())) })
      else if (wire === 5) this.#fields.push({ number, value: BigInt(take(4).readUInt32LE()) })
      else throw new RangeError(`wire type ${wire}`)
    }
  }

  has(number: number): boolean {
    return this.#fields.some((field) => field.number === number)
  }

  *messages(number: number): Generator<ProtobufReader> {
    for (const { number: at, value } of this.#fields) if (at === number && Buffer.isBuffer(value)) yield new ProtobufReader(value)
  }

  bytes(number: number): Buffer {
    const value = this.#last(number)
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
  }

  text(number: number): string {
    return this.bytes(number).toString('utf8')
  }

  varint(number: number): bigint {
    const value = this.#last(number)
    return typeof value === 'bigint' ? value : 0n
  }

  fixed64(number: number): bigint {
    return this.varint(number)
  }

  double(number: number): number {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(this.varint(number))
    return bytes.readDoubleLE()
  }

  #last(number: number): bigint | Buffer | undefined {
    return this.#fields.findLast((field) => field.number === number)?.value
  }
}
