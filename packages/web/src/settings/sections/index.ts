import type { SettingsSection } from '../settings-section.ts'
import { about } from './about.tsx'
import { appearance } from './appearance.tsx'

/** Every section, in the order of the menu. */
export const SECTIONS: readonly SettingsSection[] = [appearance, about]
