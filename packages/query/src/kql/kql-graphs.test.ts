import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@podwitness/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileKqlHere } from './compile-kql-here.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'podwitness-kql-graphs-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDir, role: 'server' })
})
afterAll(async () => {
  await store?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function answer(text: string) {
  const { sql, params, columns = [] } = await compileKqlHere({ text })
  const { rows } = await store.reader.query({ sql, params, profile: 'hunt' })
  return { columns: columns.map(({ name, type }) => `${name}:${type}`), rows }
}

/** A ring of three, a way out of it, two parallel edges, and a part of its own. */
const EDGES = `let Edges = datatable(From:string, To:string, How:string, N:long)["a","b","ssh",1, "b","c","ssh",2, "c","a","exec",3,
  "a","d","exec",4, "a","d","ssh",5, "x","y","ssh",6];
  let G = Edges | make-graph From --> To with_node_id=Name;`
const NODES = `let Nodes = datatable(Name:string, Kind:string)["a","pod", "b","pod", "d","node", "e","node"];
  let H = Edges | make-graph From --> To with Nodes on Name;`

describe('graph-match', () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'an edge',
      '(s)-[e]->(t) where e.How == "exec" project s.Name, t.Name',
      [
        ['a', 'd'],
        ['c', 'a'],
      ],
    ],
    [
      'an edge from right to left',
      '(t)<-[e]-(s) where t.Name == "d" project s.Name, e.N',
      [
        ['a', 4],
        ['a', 5],
      ],
    ],
    [
      'an edge either way',
      '(s)-[e]-(t) where s.Name == "a" and t.Name != "d" project t.Name, e.N',
      [
        ['b', 1],
        ['c', 3],
      ],
    ],
    [
      'no edge twice',
      '(s)-[e]->(t)<-[f]-(s) project e.N, f.N',
      [
        [4, 5],
        [5, 4],
      ],
    ],
    ['the same edge twice where all cycles count', '(s)-[e]->(t)<-[f]-(s) where t.Name == "b" project e.N, f.N', []],
    ['a ring', '(s)-->(t)-->(u)-->(s) where s.Name == "a" project t.Name, u.Name', [['b', 'c']]],
    ['edges of any number', '(s)-[e*1..3]->(t) where t.Name == "d" and s.Name == "c" project map(e, N)', [['[3,4]'], ['[3,5]']]],
    [
      'edges of any number walked from their end',
      '(s)-[e*2..2]->(t) where t.Name == "a" project s.Name, map(e, strcat(From, To)), map(inner_nodes(e), Name)',
      [['b', '["bc","ca"]', '["c"]']],
    ],
    [
      'no edge at all',
      '(s)-[e*0..1]->(t) where s.Name == "b" project t.Name, array_length(map(e, N))',
      [
        ['b', '0'],
        ['c', '1'],
      ],
    ],
    [
      'a condition on all edges',
      '(s)-[e*1..4]->(t) where s.Name == "a" and all(e, How == "ssh") project t.Name',
      [['b'], ['c'], ['d']],
    ],
    ['a property of all edges', '(s)-[e*1..4]->(t) where s.Name == "a" and e.How == "ssh" project t.Name', [['b'], ['c'], ['d']]],
    ['a condition on one edge', '(s)-[e*1..2]->(t) where s.Name == "b" and any(e, How == "exec") project t.Name', [['a']]],
    [
      'conditions on the nodes inside',
      '(s)-[e*1..3]->(t) where s.Name == "b" and all(inner_nodes(e), Name != "a") project t.Name',
      [['a'], ['c']],
    ],
    ['two sequences', '(s)-->(m), (m)-->(t) where m.Name == "b" project s.Name, t.Name', [['a', 'c']]],
    [
      'degrees',
      '(s)-[e]->(t) where node_degree_out(t) == 0 and node_degree_in(t) > 1 project e.N, node_degree_out(s)',
      [
        [4, 3],
        [5, 3],
      ],
    ],
    ['degrees inside', '(s)-[e*2..2]->(t) where s.Name == "b" project map(inner_nodes(e), node_degree_in())', [['[1]']]],
    ['what needs the whole match', '(s)-[e]->(t)-[f]->(u) where e.N + f.N == 3 project s.Name, u.Name', [['a', 'c']]],
  ])('finds %s', async (_, pattern, rows) => {
    const { rows: found } = await answer(
      `${EDGES} G | graph-match ${pattern} | sort by * asc`.replace(
        'sort by * asc',
        'extend k = tostring(pack_all()) | sort by k asc | project-away k',
      ),
    )
    expect(found).toEqual(rows)
  })
  it.each([
    ['none', 4],
    ['unique_edges', 7],
    ['all', 9],
  ])('with cycles=%s', async (cycles, count) => {
    expect(
      (await answer(`${EDGES} G | graph-match cycles=${cycles} (s)-[e*1..5]->(t) where s.Name == "a" project t.Name | count`))
        .rows,
    ).toEqual([[count]])
  })
  it('names and types its columns', async () => {
    const text = `${EDGES} ${NODES} H | graph-match (s)-[e]->(t) where t.Kind == "node" project s.Name, t.Kind, At = e.N, strcat(s.Kind, e.How) | sort by At asc`
    expect(await answer(text)).toEqual({
      columns: ['s_Name:string', 't_Kind:string', 'At:long', 'Column1:string'],
      rows: [
        ['a', 'node', 4, 'podexec'],
        ['a', 'node', 5, 'podssh'],
      ],
    })
  })
})

describe('other steps of graphs', () => {
  it('finds the shortest paths, one or all', async () => {
    const paths = (output: string) =>
      `${EDGES} G | graph-shortest-paths ${output} (s)-[e*1..9]->(t) where s.Name == "b" project t.Name, map(e, N) | sort by t_Name asc`
    const all = [
      ['a', '[2,3]'],
      ['b', '[2,3,1]'],
      ['c', '[2]'],
      ['d', '[2,3,4]'],
      ['d', '[2,3,5]'],
    ]
    expect((await answer(paths('output=all'))).rows).toEqual(expect.arrayContaining(all))
    const { rows } = await answer(paths(''))
    expect(rows.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd'])
    expect(all).toEqual(expect.arrayContaining([...rows]))
  })
  it('gives the nodes, those only edges name too, with the hash of their ids', async () => {
    expect(
      await answer(
        `${EDGES} ${NODES} H | graph-to-table nodes with_node_id=Id | where Id == hash(Name) | project-away Id | sort by Name asc`,
      ),
    ).toEqual({
      columns: ['Name:string', 'Kind:string'],
      rows: [
        ['a', 'pod'],
        ['b', 'pod'],
        ['c', ''],
        ['d', 'node'],
        ['e', 'node'],
        ['x', ''],
        ['y', ''],
      ],
    })
  })
  it('gives the edges', async () => {
    const text = `${EDGES} G | graph-to-table edges with_source_id=S with_target_id=T | where S == hash(From) and T == hash(To)`
    expect(await answer(`${text} | summarize sum(N)`)).toEqual({ columns: ['sum_N:long'], rows: [[21]] })
  })
  it('numbers the parts that no edge connects', async () => {
    const text = `${EDGES} ${NODES} H | graph-mark-components with_component_id=Part | graph-to-table nodes | summarize make_set(Name) by Part`
    const { rows } = await answer(
      `${text} | project array_sort_asc(set_Name) | sort by tostring(Column1) asc`.replace('project ', 'project Column1 = '),
    )
    expect(rows.map(([names]) => names)).toEqual(['["a","b","c","d"]', '["e"]', '["x","y"]'])
  })
  it('takes ids that are numbers', async () => {
    const text =
      'datatable(s:long, d:long)[1, 2, 2, 3] | make-graph s --> d with_node_id=n | graph-match (a)-[e*2..2]->(b) project Sum = a.n + b.n'
    expect((await answer(text)).rows).toEqual([[4]])
  })
  it.each([
    ['G', 'PW-QY-005'],
    ['Edges | graph-match (a)-->(b) project 1', 'PW-QY-001'],
    ['G | graph-match (a)-->(b), (c)-->(d) project a.Name', 'PW-QY-005'],
    ['G | graph-match (a)-[e*1..99]->(b) project a.Name', 'PW-QY-007'],
    ['G | graph-match (a)-[e*1..2]->(b) project e.N', 'PW-QY-005'],
    ['G | graph-match (a)-[e]->(b) project map(e, N)', 'PW-QY-005'],
    ['G | graph-match cycles=some (a)-->(b) project a.Name', 'PW-QY-005'],
    ['G | graph-shortest-paths (a)-[e]->(b) project a.Name', 'PW-QY-005'],
    ['G | graph-mark-components kind=strong | graph-to-table nodes', 'PW-QY-004'],
    ['G | graph-to-table nodes as N, edges as E', 'PW-QY-004'],
    ['Edges | make-graph From --> N | graph-to-table nodes', 'PW-QY-005'],
  ])('refuses %s', async (query, code) => {
    await expect(compileKqlHere({ text: `${EDGES} ${query}` })).rejects.toMatchObject({ code })
  })
})
