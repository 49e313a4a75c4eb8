import { defineConfig } from 'vitest/config';

const TEMPORARY_FOLDER = './scripts/test/temporary-folder.mjs';

export default defineConfig({
  test: {
    passWithNoTests: false,
    maxWorkers: '100%', // the runner itself has little to do while they run
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup: TEMPORARY_FOLDER,
          include: ['{shared,electron,renderer,scripts}/**/*.test.{ts,tsx}'],
          testTimeout: 30_000, // a machine that does ten other things is no failure
        },
      },
      {
        test: {
          name: 'conformance',
          globalSetup: TEMPORARY_FOLDER,
          include: ['e2e/{conformance,peers}/**/*.test.ts'],
          testTimeout: 30_000, // they talk to other programs, which have to start first
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
