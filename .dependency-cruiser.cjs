// Which room may import which. Read a line as "X may import from …".
// Every room may import itself. What is not listed is forbidden.
// ARCHITECTURE.md shows the same table for people; test/tidy proves that this file sees every source file.
const mayImport = {
  base: [],
  columnar: ['base'],
  sql: ['base'],
  identity: ['base'],
  audit: ['base'],
  encode: ['base', 'columnar'],
  engine: ['base', 'columnar', 'identity'],
  catalog: ['base', 'columnar', 'identity', 'engine'],
  gate: ['base', 'columnar', 'sql', 'identity', 'catalog', 'engine'],
  session: ['base', 'columnar', 'sql', 'identity'],
  execution: [
    'base',
    'columnar',
    'sql',
    'identity',
    'audit',
    'engine',
    'catalog',
    'gate',
    'encode',
    'session',
  ],
  loads: ['base', 'columnar', 'sql', 'identity', 'session', 'execution'],
  storage: ['base', 'identity', 'audit', 'catalog'],
  protocol: [
    'base',
    'columnar',
    'sql',
    'identity',
    'audit',
    'catalog',
    'encode',
    'session',
    'execution',
    'loads',
  ],
  cli: ['base'],
}

/** Inside `engine` the adapters, the host and the client are rooms of their own. */
const engineMayImport = {
  'engine/wire': ['base', 'columnar', 'engine/wire'],
  'engine/client': [
    'base',
    'columnar',
    'identity',
    'engine/wire',
    'engine/client',
    'engine/[^/]+\\.ts$',
  ],
  'engine/host': [
    'base',
    'columnar',
    'encode',
    'engine/wire',
    'engine/host',
    'engine/duckdb',
    'engine/[^/]+\\.ts$',
  ],
  'engine/duckdb': ['base', 'columnar', 'engine/duckdb', 'engine/[^/]+\\.ts$'],
}

const notTest = '\\.test\\.ts$'

const rooms = Object.entries(mayImport)
  .filter(([room]) => room !== 'engine')
  .map(([room, others]) => ({
    name: `room-${room}`,
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: notTest },
    to: { path: '^src/', pathNot: `^src/(${[room, ...others].join('|')})/` },
  }))

const engineRooms = Object.entries(engineMayImport).map(([room, others]) => ({
  name: `room-${room.replace('/', '-')}`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: notTest },
  to: {
    path: '^src/',
    pathNot: `^src/(${others.map((o) => (o.endsWith('$') ? o : `${o}/`)).join('|')})`,
  },
}))

module.exports = {
  forbidden: [
    ...rooms,
    ...engineRooms,
    {
      name: 'room-engine-port',
      severity: 'error',
      from: { path: '^src/engine/[^/]+\\.ts$', pathNot: notTest },
      to: { path: '^src/', pathNot: '^src/(base|columnar|identity)/|^src/engine/[^/]+\\.ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'engine-adapters-are-wired-only-in-server',
      severity: 'error',
      from: { path: '^src/(?!server/|engine/)', pathNot: notTest },
      to: { path: '^src/engine/(client|host|wire|duckdb|trino)/' },
    },
    {
      name: 'duckdb-lives-in-the-host',
      severity: 'error',
      from: { path: '^src/(?!engine/(host|duckdb)/)', pathNot: notTest },
      to: { path: '^src/engine/duckdb/' },
    },
    {
      name: 'front-doors-are-strangers',
      severity: 'error',
      from: { path: '^src/protocol/([^/]+)/' },
      to: { path: '^src/protocol/([^/]+)/', pathNot: '^src/protocol/$1/' },
    },
    {
      name: 'raw-memory-stays-in-native',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/duckdb/native/' },
      to: { path: '(^|/)node_modules/(koffi|@duckdb)/' },
    },
    {
      name: 'nobody-imports-server',
      severity: 'error',
      from: { path: '^src/(?!server/)' },
      to: { path: '^src/server/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
}
