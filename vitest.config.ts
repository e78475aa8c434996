import { defineConfig } from 'vitest/config'
import { mutations } from './test/mutations/mutate-plugin.ts'

/** unit and contracts: `npm test`. clients and alone as well: `npm run test:all`. */
const CLIENTS = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 15_000 } },
}

/** Suites that load the whole machine, or that judge a gateway by how it does under a load. */
const ALONE = [
  'soak',
  'blue-load',
  'races',
  'engine-abuse',
  'grpc-fuzz',
  'pgwire-fuzz',
  'kill/*',
  'operators/disk-full',
].map((name) => `test/clients/${name}.test.ts`)

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
          ...CLIENTS,
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: 2, // they wait for each other's processes half of the time
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...CLIENTS,
          name: 'alone',
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
