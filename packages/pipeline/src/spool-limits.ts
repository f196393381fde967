import { statfs } from 'node:fs/promises'

/** How large a spool may grow; the tightest bound counts. */
export interface SpoolLimits {
  readonly maxBytes: number
  /** Share of the file system, 0 to 1. */
  readonly maxShare: number
  /** Share of the file system that stays free for others, 0 to 1. */
  readonly minFreeShare: number
}

/** As auoms has them: 1 GiB, a tenth of the disk, a twentieth of it kept free. */
export const DEFAULT_LIMITS: SpoolLimits = { maxBytes: 1024 ** 3, maxShare: 0.1, minFreeShare: 0.05 }

/** Bytes a spool of `usedBytes` may have in all on the file system of `folder`. */
export async function allowedBytes(folder: string, usedBytes: number, limits: SpoolLimits): Promise<number> {
  const { bsize, blocks, bavail } = await statfs(folder)
  const total = bsize * blocks
  const spare = bsize * bavail - limits.minFreeShare * total
  return Math.max(0, Math.floor(Math.min(limits.maxBytes, limits.maxShare * total, usedBytes + spare)))
}
