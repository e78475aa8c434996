/** Loads of files into tables, as the API describes them. */
import { Type } from 'typebox'
import { ERROR_KINDS } from '../../../base/gateway-error.ts'
import { DATE_FORMATS } from '../../../sql/load-statement.ts'
import { component, instantText, nullable, words } from '../component.ts'

const COLUMNS_MAX = 100_000

const closed = { additionalProperties: false }
const format = words('csv', 'parquet')
const mode = words('create', 'append')
const name = Type.String({ minLength: 1, maxLength: 255 })

/** A character of its own: no quote, no line end, nothing that numbers or words are made of. */
const DELIMITER = '^[\\t !#-&(-/:-@\\[\\]-`{-~]$'

const reading = {
  delimiter: Type.String({ pattern: DELIMITER }),
  quote: words('"', "'", ''),
  escape: words('double', 'backslash'),
  header: Type.Boolean({ description: 'The first record holds names.' }),
  encoding: words('utf-8', 'latin-1'),
  nullTexts: Type.Array(Type.String({ maxLength: 40 }), {
    maxItems: 20,
    description: 'Unquoted fields that stand for no value, beside the empty one.',
  }),
  decimal: words('.', ','),
  dateFormat: words(...DATE_FORMATS),
}

export const CSV_READING = component('CsvReading', Type.Object(reading))

export const CSV_CHOICE = component(
  'CsvChoice',
  Type.Partial(Type.Object(reading), { ...closed, description: 'What is left out is guessed.' }),
)

export const LOAD_TABLE = component(
  'LoadTable',
  Type.Object({ database: name, schema: name, name }, closed),
)

export const LOAD_COLUMN = component(
  'LoadColumn',
  Type.Object(
    {
      from: Type.Integer({
        minimum: 0,
        maximum: COLUMNS_MAX,
        description: 'Which column of the file it is, from 0.',
      }),
      name,
      type: Type.Optional(
        Type.String({ minLength: 1, maxLength: 60, description: 'Left out: as it seems.' }),
      ),
    },
    closed,
  ),
)

const columns = Type.Array(LOAD_COLUMN.ref, {
  minItems: 1,
  maxItems: COLUMNS_MAX,
  description: 'Left out: all, as they seem.',
})

export const UploadQuery = Type.Object(
  { format, fileName: Type.String({ minLength: 1, maxLength: 255, description: 'For people.' }) },
  closed,
)

export const LOAD_PREVIEW_REQUEST = component(
  'LoadPreviewRequest',
  Type.Object(
    {
      csv: Type.Optional(CSV_CHOICE.ref),
      columns: Type.Optional(columns),
      table: Type.Optional(LOAD_TABLE.ref),
      mode: Type.Optional(mode),
    },
    { ...closed, description: 'With a table, its types and the rights of the caller are checked.' },
  ),
)

export const LOAD_START = component(
  'LoadStart',
  Type.Object(
    {
      table: LOAD_TABLE.ref,
      mode,
      csv: Type.Optional(CSV_CHOICE.ref),
      columns: Type.Optional(columns),
    },
    closed,
  ),
)

export const BAD_ROW = component(
  'BadRow',
  Type.Object({
    line: Type.Integer({ description: 'Of the file, from 1; of a Parquet file the row.' }),
    column: Type.Optional(
      Type.String({ description: 'Its name in the table. Left out: the whole row is wrong.' }),
    ),
    value: Type.Optional(Type.String({ description: 'Cut at 100 characters.' })),
    problem: Type.String(),
  }),
)

export const LOAD_ERROR = component(
  'LoadError',
  Type.Object({
    code: words(...ERROR_KINDS),
    title: Type.String(),
    detail: Type.Optional(Type.String()),
    hint: Type.Optional(Type.String()),
    field: Type.Optional(Type.String({ description: 'The member of the start that is to blame.' })),
  }),
)

const document = {
  id: Type.String(),
  state: words('uploaded', 'running', 'succeeded', 'failed', 'cancelled'),
  fileName: Type.String(),
  format,
  bytes: Type.Integer({ description: 'Of the file as it was sent.' }),
  uploadedAt: instantText(),
  expiresAt: instantText('When the file is removed, unless the load is used again before.'),
  table: Type.Optional(LOAD_TABLE.ref),
  mode: Type.Optional(mode),
  startedAt: Type.Optional(instantText()),
  endedAt: Type.Optional(instantText()),
  percent: Type.Optional(Type.Number({ description: 'Of the file, while the load runs.' })),
  rowsLoaded: Type.Optional(Type.Integer()),
  badRows: Type.Array(BAD_ROW.ref, { description: 'The first ones.' }),
  badRowCount: Type.Integer(),
  badRowsUncounted: Type.Boolean({ description: 'There are more bad rows than were counted.' }),
  error: Type.Optional(LOAD_ERROR.ref),
}

export const LOAD = component(
  'Load',
  Type.Object(document, {
    description:
      'failed: nothing was loaded; the file is still there, and it can be started again.',
  }),
)

export const LOAD_LIST = component('LoadList', Type.Object({ items: Type.Array(LOAD.ref) }))

export const PREVIEW_COLUMN = component(
  'PreviewColumn',
  Type.Object({
    from: Type.Integer({ description: 'Which column of the file it is, from 0.' }),
    name: Type.String(),
    type: Type.String(),
    fileName: Type.Optional(
      Type.String({ description: 'Its name in the file, where that is another.' }),
    ),
  }),
)

export const LOAD_PREVIEW = component(
  'LoadPreview',
  Type.Object({
    columns: Type.Array(PREVIEW_COLUMN.ref),
    rows: Type.Array(Type.Array(nullable<string>('string')), {
      description: 'The first ones, as text; null where there is no value. Long texts are cut.',
    }),
    csv: Type.Optional(CSV_READING.ref),
    badRows: Type.Array(BAD_ROW.ref, { description: 'Among the rows that were looked at.' }),
    rowsLookedAt: Type.Integer(),
  }),
)

export const UPLOADED_LOAD = component(
  'UploadedLoad',
  Type.Object({ ...document, preview: LOAD_PREVIEW.ref }),
)
