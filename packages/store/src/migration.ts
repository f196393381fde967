/** One step of the schema. It may be run again after a crash in its middle, so every statement bears repeating. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** Each with its alternatives, best first: a later one is for servers that refuse the one before. */
  readonly statements: readonly (readonly string[])[]
}
