// Makes the PNG of a page smaller: a palette of at most 256 colours, and its data compressed as far as zlib goes.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = 8
const MOST_COLOURS = 256

/**
 * The same picture in fewer bytes. A page has few colours beside the soft edges of its letters; where there are more than
 * a palette holds, the rarest get the nearest of the others. Source: PNG (W3C, third edition), 7 to 11.
 *
 * @param {Buffer} png 8 bits a channel, colour or colour with alpha, not interlaced: as Chromium writes them
 * @returns {Buffer}
 */
export function smallerPng(png) {
  const chunks = chunksOf(png)
  const head = chunks[0].body
  const channels = { 2: 3, 6: 4 }[head[9]]
  if (head[8] !== 8 || head[12] !== 0 || channels === undefined) return png
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ body }) => body))
  const pixels = unfiltered(inflateSync(packed), width * channels, height, channels)
  return written(head, width, height, indexed(pixels, channels))
}

function chunksOf(png) {
  const chunks = []
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), body: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}

/** Takes the filters of the rows back. */
function unfiltered(data, stride, height, channels) {
  const pixels = Buffer.alloc(stride * height)
  for (let row = 0; row < height; row++) {
    const filter = data[row * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const at = row * stride + x
      const left = x < channels ? 0 : pixels[at - channels]
      const up = row === 0 ? 0 : pixels[at - stride]
      const corner = x < channels || row === 0 ? 0 : pixels[at - stride - channels]
      pixels[at] = data[row * (stride + 1) + 1 + x] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]
    }
  }
  return pixels
}

function paeth(left, up, corner) {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

/** A palette of the commonest colours, and the number of each pixel's: its own colour's, or that of the nearest one. */
function indexed(pixels, channels) {
  const counts = new Map()
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = colourAt(pixels, at)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const all = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour)
  const colours = all.slice(0, MOST_COLOURS)
  const numberOf = new Map(all.map((colour, at) => [colour, at < MOST_COLOURS ? at : nearest(colours, colour)]))
  const numbers = Buffer.alloc(pixels.length / channels)
  for (let at = 0, pixel = 0; at < pixels.length; at += channels, pixel++) numbers[pixel] = numberOf.get(colourAt(pixels, at))
  return { colours, numbers }
}

function colourAt(pixels, at) {
  return (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]
}

function nearest(colours, wanted) {
  const far = (colour) => [16, 8, 0].reduce((sum, bits) => sum + (((colour >> bits) & 255) - ((wanted >> bits) & 255)) ** 2, 0)
  return colours.reduce((best, colour, at) => (far(colour) < far(colours[best]) ? at : best), 0)
}

function written(head, width, height, { colours, numbers }) {
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row++) numbers.copy(rows, row * (width + 1) + 1, row * width, (row + 1) * width)
  const palette = Buffer.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  const indexedHead = Buffer.from(head)
  indexedHead[9] = 3
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', indexedHead),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type, body) {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length)
  head.write(type, 4, 'latin1')
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), body])))
  return Buffer.concat([head, body, tail])
}
