import type { Start } from './lineage.ts'

/** The text of a shell's `-c`; `undefined` where there is none. */
export function scriptOf(start: Start): string | undefined {
  const argv = start.observation.exec?.argv ?? []
  const flag = argv.findIndex((word) => /^-[a-z]*c$/.test(word))
  return flag > 0 ? argv[flag + 1] : undefined
}
