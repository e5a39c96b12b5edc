import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/closed-fronts.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Two workers have two cores: threads of their own for the garbage take from each other.
    execArgv: ['--single-threaded-gc'],
  },
});
