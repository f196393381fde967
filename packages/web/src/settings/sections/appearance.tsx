import controls from '../../controls/controls.module.css'
import { changePreferences, LANGUAGES, THEMES, usePreferences } from '../../preferences.ts'
import { LANGUAGE_NAMES, THEME_WORDS, useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** How the pages look in this browser, and whether single keys act. */
export const appearance: SettingsSection = {
  id: 'appearance',
  word: 'appearance',
  lead: 'appearanceLead',
  Content: Appearance,
}

function Appearance() {
  const words = useWords()
  const { theme, language, keys } = usePreferences()
  return (
    <div className={styles.form}>
      <label className={styles.labelled}>
        {words.language}
        <select
          className={controls.field}
          value={language}
          onChange={(event) => changePreferences({ language: LANGUAGES.find((one) => one === event.target.value) ?? 'en' })}
        >
          {LANGUAGES.map((one) => (
            <option key={one} value={one} lang={one === 'zh' ? 'zh-CN' : 'en'}>
              {LANGUAGE_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.labelled}>
        {words.theme}
        <select
          className={controls.field}
          value={theme}
          onChange={(event) => changePreferences({ theme: THEMES.find((one) => one === event.target.value) ?? 'system' })}
        >
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {words[THEME_WORDS[one]]}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={keys} onChange={(event) => changePreferences({ keys: event.target.checked })} />
        {words.keysOn}
      </label>
      <button type="button" className={controls.button} onClick={() => changePreferences({ tour: 0 })}>
        {words.tourAgain}
      </button>
      <p className={styles.soft}>{words.timesAreUtc}</p>
    </div>
  )
}
