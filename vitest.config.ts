import { defineConfig } from 'vitest/config'
import { mutations } from './test/mutations/mutate-plugin.ts'

/** unit and contracts: `npm test`. clients, kill, corpus: `npm run test:all`. */
const mutation = process.env['BLUEGATE_MUTATION']

export default defineConfig({
  plugins: mutations(mutation),
  test: {
    // what was loaded with one mutation is no answer for another
    ...(mutation === undefined ? {} : { fsModuleCache: false }),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'console/src/**/*.test.ts', 'test/tidy/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'contracts',
          include: ['test/contracts/**/*.test.ts', 'test/transcripts/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 15_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
})
