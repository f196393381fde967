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
    // A worker loads every module once, not once a file: no suite changes what another sees, the environment is put back.
    isolate: false,
    unstubEnvs: true,
  },
})
