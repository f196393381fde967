/** Names of members that hold, or may hold, what nobody else should read. An address of a channel is one: it lets anybody send. */
const SECRET =
  /pass|secret|token|hash|credential|authorization|cookie|private|webhook|\burl\b|url$|sign|\bkey\b|apikey|accesskey/i

/** A copy of a value in which members that may hold secrets say `***`. */
export function withoutSecretFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretFields)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isSecret(name, member) ? '***' : withoutSecretFields(member)]),
  )
}

const isSecret = (name: string, member: unknown): boolean =>
  SECRET.test(name) && member !== '' && member !== null && typeof member !== 'boolean'
