import { statfs } from 'node:fs/promises'

/** Free share of the file system a path is on, 0 to 1; −1 where it cannot be told. */
export async function freeShare(path: string): Promise<number> {
  try {
    const { blocks, bavail } = await statfs(path)
    return blocks === 0 ? 1 : bavail / blocks
  } catch {
    return -1
  }
}
