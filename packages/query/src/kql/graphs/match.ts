import type { KqlContext } from '../context.ts'
import type { Path } from '../graph-scope.ts'
import type { Graph } from '../relation.ts'
import type { Constraints } from './constraints.ts'
import type { PatternEdge, PatternPath } from './pattern.ts'

/** Whether a match may come back to where it was. Source: Kusto documentation, graph-match operator, "CyclesOption". */
export type Cycles = 'all' | 'none' | 'unique_edges'

export interface MatchOptions {
  readonly cycles: Cycles
  /** Whether of several paths of a length between the same two nodes one is enough. */
  readonly shortest: boolean
}

/** Matches of a pattern: numbers of nodes and edges in columns, each named once. */
export class Match {
  readonly nodes = new Map<string, string>()
  readonly edges = new Map<string, string>()
  readonly paths = new Map<string, Path>()
  sql = ''
  readonly #graph: Graph
  readonly #constraints: Constraints
  readonly #options: MatchOptions
  readonly #context: KqlContext

  constructor(graph: Graph, constraints: Constraints, options: MatchOptions, context: KqlContext) {
    this.#graph = graph
    this.#constraints = constraints
    this.#options = options
    this.#context = context
  }

  /** Walks a sequence from a node that is known already, or from one that a condition makes few. */
  add({ nodes, edges }: PatternPath): boolean {
    const known = nodes.findIndex((name) => this.nodes.has(name))
    if (known < 0 && this.nodes.size > 0) return false
    const few = nodes.findIndex((name) => this.#constraints.own.has(name))
    const start = known >= 0 ? known : Math.max(few, 0)
    if (known < 0) this.#begin(nodes[start] ?? '')
    for (let at = start; at < edges.length; at += 1) this.#walk(nodes[at] ?? '', edges[at], nodes[at + 1] ?? '', false)
    for (let at = start - 1; at >= 0; at -= 1) this.#walk(nodes[at + 1] ?? '', edges[at], nodes[at] ?? '', true)
    return true
  }

  #begin(name: string): void {
    const column = this.#context.fresh('c')
    this.sql = `SELECT n AS ${column} FROM (${this.#graph.nodes.sql})${this.#where(this.#constraints.own.get(name) ?? [])}`
    this.nodes.set(name, column)
  }

  #where(conditions: readonly string[]): string {
    return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  }

  #walk(from: string, edge: PatternEdge | undefined, to: string, backwards: boolean): void {
    if (edge === undefined) return
    if (edge.range === undefined) this.#oneEdge(from, edge, to, backwards)
    else this.#manyEdges(from, edge, to, backwards)
  }

  /** `SELECT e, f, t`: the edges that fulfil the conditions, from where they are walked to where they lead. */
  #edgesFor(edge: PatternEdge, backwards: boolean, names: readonly [string, string, string]): string {
    const [e, f, t] = names
    const rows = `SELECT * FROM (${this.#graph.edges.sql})${this.#where(this.#constraints.own.get(edge.name) ?? [])}`
    const along = `SELECT e AS ${e}, s AS ${f}, d AS ${t} FROM (${rows})`
    const against = `SELECT e AS ${e}, d AS ${f}, s AS ${t} FROM (${rows})`
    if (edge.direction === 'any') return `${along} UNION ALL ${against} WHERE s != d`
    return (edge.direction === 'right') === backwards ? against : along
  }

  /** Rows whose node fulfils its conditions, where it is one that was not met before. */
  #arrived(sql: string, name: string, number: string): string {
    const own = this.nodes.has(name) ? [] : (this.#constraints.own.get(name) ?? [])
    return own.length === 0 ? sql : this.#atNodes(sql, number, own)
  }

  #atNodes(sql: string, number: string, conditions: readonly string[]): string {
    const name = this.#context.fresh('c')
    return `SELECT * FROM (${sql}) AS a INNER JOIN (SELECT n AS ${name} FROM (${this.#graph.nodes.sql}) WHERE ${conditions.join(' AND ')}) AS b ON a.${number} = b.${name}`
  }

  #isKnown(name: string, number: string): string[] {
    const known = this.nodes.get(name)
    return known === undefined ? [] : [`${number} = ${known}`]
  }

  #oneEdge(from: string, edge: PatternEdge, to: string, backwards: boolean): void {
    const names = [this.#context.fresh('c'), this.#context.fresh('c'), this.#context.fresh('c')] as const
    const [e, f, t] = names
    const conditions = [...this.#isKnown(to, t), ...this.#newEdge(e), ...this.#newNode(t, to)]
    this.sql = this.#arrived(
      `SELECT * FROM (${this.sql}) AS a INNER JOIN (${this.#edgesFor(edge, backwards, names)}) AS b ON a.${this.nodes.get(from)} = b.${f}${this.#where(conditions)}`,
      to,
      t,
    )
    this.edges.set(edge.name, e)
    if (!this.nodes.has(to)) this.nodes.set(to, t)
  }

  #newEdge(number: string): string[] {
    if (this.#options.cycles !== 'unique_edges') return []
    return [
      ...[...this.edges.values()].map((edge) => `${number} != ${edge}`),
      ...[...this.paths.values()].map(({ edges }) => `NOT has(${edges}, ${number})`),
    ]
  }

  /** Without cycles no node comes twice, so that nothing leads to a known one. */
  #newNode(number: string, name: string | undefined): string[] {
    if (this.#options.cycles !== 'none') return []
    if (name !== undefined && this.nodes.has(name)) return ['false']
    return [
      ...[...this.nodes.values()].map((node) => `${number} != ${node}`),
      ...[...this.paths.values()].map(({ nodes }) => `NOT has(${nodes}, ${number})`),
    ]
  }

  /** An edge of variable length: a table that goes on from its own rows, one edge at a time. */
  #manyEdges(from: string, edge: PatternEdge, to: string, backwards: boolean): void {
    const { least } = edge.range ?? { least: 1 }
    const [path, visited, end, walk] = this.#fresh(4) as [string, string, string, string]
    const kept = [
      ...this.nodes.values(),
      ...this.edges.values(),
      ...[...this.paths.values()].flatMap(({ edges, nodes }) => [edges, nodes]),
    ]
    const start = this.nodes.get(from) ?? ''
    const empty = "CAST([], 'Array(Int64)')"
    const first = `SELECT ${[...kept, `${empty} AS p`, `${empty} AS v`, `${start} AS at`].join(', ')} FROM (${this.sql})`
    const walked = `WITH RECURSIVE ${walk} AS (${first} UNION ALL ${this.#longer(walk, edge, backwards, { kept, start })}) SELECT * FROM ${walk}`
    const turned = (list: string): string => (backwards ? `arrayReverse(${list})` : list)
    const shown = [...kept, `${turned('p')} AS ${path}`, `${turned('arraySlice(v, 1, -1)')} AS ${visited}`, `at AS ${end}`]
    const conditions = [`length(p) >= ${least}`, ...this.#isKnown(to, 'at')]
    // Without cycles nothing leads to a node that was met before, but for a path of no edges.
    if (this.#options.cycles === 'none' && this.nodes.has(to)) conditions.push('empty(p)')
    const found = `SELECT ${shown.join(', ')} FROM (${walked})${this.#where(conditions)}`
    this.sql = this.#arrived(found, to, end)
    this.paths.set(edge.name, { edges: path, nodes: visited })
    if (!this.nodes.has(to)) this.nodes.set(to, end)
  }

  #fresh(count: number): string[] {
    return Array.from({ length: count }, () => this.#context.fresh('c'))
  }

  /** The rows that one edge more makes of those of the step before. */
  #longer(
    walk: string,
    edge: PatternEdge,
    backwards: boolean,
    { kept, start }: { kept: readonly string[]; start: string },
  ): string {
    const [e, f, t] = this.#fresh(3) as [string, string, string]
    const conditions = [`length(a.p) < ${edge.range?.most ?? 1}`, ...this.#newEdge(e), ...this.#newNode(t, undefined)]
    if (this.#options.cycles === 'unique_edges') conditions.push(`NOT has(a.p, ${e})`)
    if (this.#options.cycles === 'none') conditions.push(`NOT has(a.v, ${t})`)
    const grown = [...kept, `arrayPushBack(a.p, ${e}) AS p`, `arrayPushBack(a.v, ${t}) AS v`, `${t} AS at`]
    const inner = this.#constraints.inner.get(edge.name)
    let rows = `${walk} AS a INNER JOIN (${this.#edgesFor(edge, backwards, [e, f, t])}) AS b ON a.at = b.${f}`
    if (inner !== undefined) {
      // Only nodes inside a path must fulfil them: the first step begins outside.
      const node = this.#context.fresh('c')
      rows += ` INNER JOIN (SELECT n AS ${node}, ${inner.join(' AND ')} AS passes FROM (${this.#graph.nodes.sql})) AS c ON a.at = c.${node}`
      conditions.push('(empty(a.p) OR passes)')
    }
    const sql = `SELECT ${grown.join(', ')} FROM ${rows}${this.#where(conditions)}`
    return this.#options.shortest ? `SELECT * FROM (${sql} LIMIT 1 BY ${start}, at)` : sql
  }
}
