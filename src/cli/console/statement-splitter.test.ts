import { expect, test } from 'vitest'
import { splitStatements } from './statement-splitter.ts'

test.each<[string, readonly string[], string]>([
  ['select 1; select 2;', ['select 1', 'select 2'], ''],
  ['select 1', [], 'select 1'],
  ["select ';' || 'it''s;';", ["select ';' || 'it''s;'"], ''],
  ['select ";";', ['select ";"'], ''],
  [String.raw`select E'\';';`, [String.raw`select E'\';'`], ''],
  [String.raw`select '\'; select 2;`, [String.raw`select '\'`, 'select 2'], ''],
  ['select 1 -- no; end\n;', ['select 1 -- no; end'], ''],
  ["select 1 -- don't\n; select 2;", ["select 1 -- don't", 'select 2'], ''],
  ['select /* a; /* b; */ c; */ 1;', ['select /* a; /* b; */ c; */ 1'], ''],
  ["select /* it's */ 1;", ["select /* it's */ 1"], ''],
  ['select $$;$$, $x$ $$; $x$;', ['select $$;$$, $x$ $$; $x$'], ''],
  ['select a$b$c;', ['select a$b$c'], ''],
  [';;', [], ''],
  ['-- nothing', [], ''],
  ["select 'open; ", [], "select 'open; "],
  ['select $$ open; ', [], 'select $$ open; '],
  ['/* open; ', [], '/* open; '],
])('%j', (text, statements, rest) => {
  expect(splitStatements(text)).toEqual({ statements, rest })
})
