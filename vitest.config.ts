import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,scripts,e2e/conformance}/**/*.test.{ts,tsx,mjs}'],
    passWithNoTests: false,
  },
});
