import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'
import { thirdPartyPackages } from './third-party-packages.ts'

/** What the About page says of the software of others, as of the lock file of this build. */
const thirdParty: Plugin = {
  name: 'third-party',
  resolveId: (id) => (id === 'virtual:third-party' ? '\0third-party' : undefined),
  load: (id) =>
    id === '\0third-party'
      ? `export default ${JSON.stringify(thirdPartyPackages(new URL('../../package-lock.json', import.meta.url)))}`
      : undefined,
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), thirdParty],
  // Workspace packages come from their sources: the build needs no `tsc` before it.
  resolve: { conditions: ['podwitness-source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing inline: the server's Content-Security-Policy allows scripts, styles and images of its own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
})
