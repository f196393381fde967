import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Bell, type Spool } from '@podwitness/pipeline'
import type { SpoolConfig } from './agent-config.ts'
import { Lanes } from './lanes.ts'

/** The lanes of one source, or of all that have none of their own. */
export interface SpoolRoom {
  /** Empty for the one that sources share. */
  readonly name: string
  readonly lanes: Lanes
}

/**
 * The spools of an agent. Sources share one pair of lanes; a source with bounds of its own has its own pair, so that it can
 * neither fill the others' room nor be filled by them, and may wait where they let the oldest go.
 */
export class SpoolRooms {
  /** The shared one first. */
  readonly all: readonly SpoolRoom[]
  /** Rung when lines have been written to any of them. */
  readonly written: Bell

  private constructor(all: readonly SpoolRoom[], written: Bell) {
    this.all = all
    this.written = written
  }

  /**
   * Opens them, also those of sources that an earlier configuration had: what they left is still to be shipped.
   *
   * @param own Sources with bounds of their own, by a name that is a folder's.
   * @throws SpoolError where a folder cannot be used.
   */
  static async open(folder: string, shared: SpoolConfig, own: ReadonlyMap<string, SpoolConfig> = new Map()): Promise<SpoolRooms> {
    const opened: SpoolRoom[] = []
    const written = new Bell()
    try {
      const left = (await readdir(join(folder, 'of')).catch((): string[] => [])).filter((name) => !own.has(name))
      for (const [name, { policy, ...limits }] of [['', shared] as const, ...own, ...left.map((name) => [name, shared] as const)])
        opened.push({
          name,
          lanes: await Lanes.open({ folder: name === '' ? folder : join(folder, 'of', name), policy, limits, written }),
        })
    } catch (error) {
      await Promise.all(opened.map(({ lanes }) => lanes.close()))
      throw error
    }
    return new SpoolRooms(opened, written)
  }

  /** The lanes of a source; the shared ones where it has none of its own. */
  of(name: string): Lanes {
    return this.all.find((room) => room.name === name)?.lanes ?? this.shared
  }

  get shared(): Lanes {
    return (this.all[0] as SpoolRoom).lanes
  }

  get spools(): readonly Spool[] {
    return this.all.flatMap(({ lanes }) => lanes.spools)
  }

  get unsentBytes(): number {
    return this.all.reduce((sum, { lanes }) => sum + lanes.unsentBytes, 0)
  }

  /** Takes lines that must outlive a full spool. */
  keep(lines: readonly Buffer[]): Promise<void> {
    return this.shared.keep(lines)
  }

  /** Takes a line that may go without being counted: the next one says the same and more. */
  pass(line: Buffer): Promise<void> {
    return this.shared.pass(line)
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ lanes }) => lanes.close()))
  }
}
