import { KEY_COUNT, keyText } from './field-dictionary.ts'

/** `key=` and `,"key":` of every known field name behind each other; where each begins, by id. */
export const KEY_EQUALS = Buffer.concat(all((name) => `${name}=`))
export const KEY_EQUALS_AT = starts((name) => `${name}=`)
export const KEY_JSON = Buffer.concat(all((name) => `,"${name}":`))
export const KEY_JSON_AT = starts((name) => `,"${name}":`)

function all(form: (name: string) => string): Buffer[] {
  return Array.from({ length: KEY_COUNT }, (_, id) => Buffer.from(id === 0 ? '' : form(keyText(id))))
}

function starts(form: (name: string) => string): Int32Array {
  const at = new Int32Array(KEY_COUNT + 1)
  for (const [id, bytes] of all(form).entries()) at[id + 1] = (at[id] as number) + bytes.length
  return at
}
