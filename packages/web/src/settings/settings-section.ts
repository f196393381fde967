import type { ComponentType } from 'react'
import type { PlainWord } from '../words/catalogue.ts'

/** One section of Settings: its place in the address, its name, and what it shows. */
export interface SettingsSection {
  /** Last part of the address: `/settings/sources`. */
  readonly id: string
  readonly word: PlainWord
  /** One sentence below the heading: what this section is for. */
  readonly lead: PlainWord
  readonly Content: ComponentType
}
