import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** `pssm`: one file that needs Node and nothing else. */
export default defineConfig({
  build: {
    ssr: resolve(import.meta.dirname, 'electron/cli/pssm.ts'),
    outDir: 'out/cli',
    target: 'node20.18',
    rollupOptions: {
      output: {
        format: 'es',
        entryFileNames: 'pssm.js',
        banner: '#!/usr/bin/env node',
        codeSplitting: false,
      },
    },
  },
  ssr: { noExternal: true },
});
