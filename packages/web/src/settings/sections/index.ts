import type { SettingsSection } from '../settings-section.ts'
import { about } from './about.tsx'
import { access } from './access.tsx'
import { appearance } from './appearance.tsx'
import { channels } from './channels.tsx'
import { identities } from './identities.tsx'
import { masks } from './masks.tsx'
import { senders } from './senders.tsx'
import { setUp } from './set-up.tsx'
import { sources } from './sources.tsx'
import { streams } from './streams.tsx'
import { usage } from './usage.tsx'

/** Every section, in the order of the menu. */
export const SECTIONS: readonly SettingsSection[] = [
  setUp,
  sources,
  senders,
  streams,
  usage,
  channels,
  identities,
  access,
  masks,
  appearance,
  about,
]
