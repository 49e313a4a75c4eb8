import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** `pssm`: needs Node and nothing else; beside it lies what only some runs read. */
export default defineConfig({
  build: {
    ssr: resolve(import.meta.dirname, 'electron/cli/pssm.ts'),
    outDir: 'out/cli',
    target: 'node20.18',
    rollupOptions: {
      output: {
        format: 'es',
        entryFileNames: 'pssm.js',
        chunkFileNames: '[name].mjs', // a module wherever the folder is copied to
        banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
      },
    },
  },
  ssr: { noExternal: true },
});
