import fc from 'fast-check'
import { expect, it } from 'vitest'
import { leafHash, merklePath, merkleRoot, rootOfPath } from './merkle.ts'

/** Inputs and roots that certificate-transparency implementations agree on (github.com/transparency-dev/merkle, testdata). */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leaves = INPUTS.map((hex) => leafHash(Buffer.from(hex, 'hex')))

it.each(ROOTS.map((root, index) => [index + 1, root] as const))('the root of %i leaves is the one of RFC 6962', (count, root) => {
  expect(merkleRoot(leaves.slice(0, count)).toString('hex')).toBe(root)
})

it('the root of nothing is the hash of nothing', () => {
  expect(merkleRoot([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

it('every leaf has a path to the root, and no other leaf has that path', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5 }), { minLength: 1, maxLength: 40 }), fc.nat(), (values, pick) => {
      const hashes = values.map((value, index) => leafHash(Buffer.from([...value, index])))
      const index = pick % hashes.length
      const path = merklePath(hashes, index)
      const root = merkleRoot(hashes)
      expect(rootOfPath(hashes[index] ?? Buffer.alloc(0), path)).toEqual(root)
      const other = hashes[(index + 1) % hashes.length]
      if (hashes.length > 1 && other !== undefined) expect(rootOfPath(other, path)).not.toEqual(root)
    }),
    { numRuns: 200 },
  )
})
