import type { Relation } from './scope.ts'

/** FROM, whose text is made last: by then the logstore knows which fields are asked for. */
export interface CompiledSource {
  readonly relations: readonly Relation[]
  print(): string
}
