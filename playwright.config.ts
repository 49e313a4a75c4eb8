import { defineConfig } from '@playwright/test';

/** One window at a time: each journey has the machine to itself. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results/e2e',
  globalSetup: './scripts/test/temporary-folder.mjs',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
});
