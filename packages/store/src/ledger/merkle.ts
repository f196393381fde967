import { hash } from 'node:crypto'

/** Hash of a leaf's bytes, or of a text in UTF-8. Source: RFC 6962, section 2.1. */
export function leafHash(bytes: Uint8Array | string): Buffer {
  const content = typeof bytes === 'string' ? `\0${bytes}` : Buffer.concat([LEAF, bytes])
  return hash('sha256', content, 'buffer')
}

/** Root of a tree over leaf hashes; of no leaves, the hash of nothing. Source: RFC 6962, section 2.1. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return hash('sha256', '', 'buffer')
  let level = [...leaves]
  // Pairing level by level and carrying an odd last node up gives the tree RFC 6962 defines by splitting at powers of two.
  while (level.length > 1) level = pairs(level)
  return level[0] ?? Buffer.alloc(0)
}

/** One step from a leaf to the root: the neighbour's hash and the side it stands on. */
export interface PathStep {
  readonly side: 'left' | 'right'
  readonly hash: Buffer
}

/** The neighbours on the way from a leaf to the root: with them anybody can prove that the leaf is in the tree. */
export function merklePath(leaves: readonly Buffer[], index: number): PathStep[] {
  const path: PathStep[] = []
  let level = [...leaves]
  for (let at = index; level.length > 1; at >>= 1) {
    const neighbour = level[at ^ 1]
    if (neighbour !== undefined) path.push({ side: at % 2 === 0 ? 'right' : 'left', hash: neighbour })
    level = pairs(level)
  }
  return path
}

/** The root that a leaf and its path lead to. */
export function rootOfPath(leaf: Buffer, path: readonly PathStep[]): Buffer {
  return path.reduce((hash, step) => (step.side === 'left' ? nodeHash(step.hash, hash) : nodeHash(hash, step.hash)), leaf)
}

const LEAF = Buffer.of(0)
/** 1, and behind it the two hashes below: one piece of memory for all nodes. */
const NODE = Buffer.alloc(65, 1)

function nodeHash(left: Buffer, right: Buffer): Buffer {
  // A path from elsewhere may hold anything.
  if (left.length !== 32 || right.length !== 32) return hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer')
  NODE.set(left, 1)
  NODE.set(right, 33)
  return hash('sha256', NODE, 'buffer')
}

function pairs(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = []
  for (let at = 0; at < level.length; at += 2) {
    const left = level[at]
    const right = level[at + 1]
    if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right))
  }
  return above
}
