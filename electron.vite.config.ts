import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);
const inputs = (folder: string, ...files: readonly string[]) =>
  Object.fromEntries(files.map((file) => [file.replace(/\.\w+$/, ''), at(`${folder}/${file}`)]));

/** Packages are bundled whole, so that the packaged app carries no node_modules. */
const externalizeDeps = false;

/** The oldest runtime that must work: Electron 33's Node and Chromium. */
const nodeTarget = 'node20.18';
const chromeTarget = 'chrome130';

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: nodeTarget,
      externalizeDeps,
      minify: true, // read and parsed at each start
      rollupOptions: { input: at('electron/main.ts'), output: { format: 'es', entryFileNames: '[name].js' } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: nodeTarget,
      externalizeDeps,
      // A sandboxed preload can require() `electron` and nothing else: no chunk may be shared, and no ESM.
      isolatedEntries: true,
      rollupOptions: {
        input: inputs('electron', 'preload.ts', 'password-preload.ts'),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      target: chromeTarget,
      minify: true, // read and parsed at each start
      modulePreload: { polyfill: false }, // Chromium needs none
      rollupOptions: { input: inputs('renderer', 'index.html', 'password.html') },
    },
  },
});
