import { accessTexts } from './texts/access-texts.ts'
import { alertTexts } from './texts/alert-texts.ts'
import { eventTexts } from './texts/event-texts.ts'
import { frameTexts } from './texts/frame-texts.ts'
import { huntTexts } from './texts/hunt-texts.ts'
import { integrityTexts } from './texts/integrity-texts.ts'
import { modelTexts } from './texts/model-texts.ts'
import { overviewTexts } from './texts/overview-texts.ts'
import { paletteTexts } from './texts/palette-texts.ts'
import { sessionTexts } from './texts/session-texts.ts'
import { settingsTexts } from './texts/settings-texts.ts'
import { templateTexts } from './texts/template-texts.ts'
import { tourTexts } from './texts/tour-texts.ts'

/**
 * Every text of the pages, by room. A page that asks for a text that is not here fails the type check.
 * Field names, queries and recorded text are never translated.
 */
export const catalogue = {
  ...frameTexts,
  ...overviewTexts,
  ...huntTexts,
  ...alertTexts,
  ...integrityTexts,
  ...sessionTexts,
  ...eventTexts,
  ...settingsTexts,
  ...templateTexts,
  ...tourTexts,
  ...accessTexts,
  ...modelTexts,
  ...paletteTexts,
} as const

type Catalogue = typeof catalogue

/** The texts of one language. */
export type Words = { readonly [Name in keyof Catalogue]: Widened<Catalogue[Name]['en']> }
type Widened<Text> = Text extends string ? string : Text

/** Names of the texts that need no values. */
export type PlainWord = { [Name in keyof Words]: Words[Name] extends string ? Name : never }[keyof Words]

/** The rooms of the catalogue: a name may be in one only. */
export const rooms = [
  frameTexts,
  overviewTexts,
  huntTexts,
  alertTexts,
  integrityTexts,
  sessionTexts,
  eventTexts,
  settingsTexts,
  templateTexts,
  tourTexts,
  accessTexts,
  modelTexts,
  paletteTexts,
] as const
