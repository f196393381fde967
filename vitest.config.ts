import { defineConfig } from 'vitest/config'

// Tests run on the sources; plain `node`, and with it every process a test starts, runs on `dist`.
const conditions = ['podwitness-source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/src/**/*.test.tsx', 'tests/**/*.test.ts'],
    globalSetup: ['tests/built-packages.ts', 'tests/scratch-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
