// Sets theme and language before the first paint; the page's own code keeps them from then on (src/preferences.ts).
try {
  const kept = JSON.parse(localStorage.getItem('podwitness.preferences') ?? '{}')
  if (kept.theme === 'light' || kept.theme === 'dark') document.documentElement.dataset.theme = kept.theme
  if (kept.language === 'zh') document.documentElement.lang = 'zh-CN'
} catch {
  // Storage may be forbidden: the system's theme is right then.
}
