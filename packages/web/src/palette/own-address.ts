/** The page that a pasted address of this server shows, without the origin; `undefined` for any other text. */
export function ownAddress(text: string, origin: string): string | undefined {
  const trimmed = text.trim()
  if (!/^https?:\/\/\S+$/.test(trimmed)) return undefined
  try {
    const url = new URL(trimmed)
    return url.origin === origin ? `${url.pathname}${url.search}` : undefined
  } catch {
    return undefined
  }
}
