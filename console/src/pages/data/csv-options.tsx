/** How a CSV file is read: as it seems, unless somebody says otherwise. */
import { NativeSelect, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ApiError } from '../../api/api-error.ts'
import type { CsvChoice, CsvReading } from '../../api/loads.ts'
import { problemText } from '../../ui/field-errors.ts'
import { ProblemNotice } from '../../ui/problem-notice.tsx'

interface CsvOptionsProps {
  readonly reading: CsvReading
  readonly error: unknown
  readonly onChange: (change: CsvChoice) => void
}

const DELIMITERS = [
  { value: ',', label: 'Comma  ,' },
  { value: ';', label: 'Semicolon  ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar  |' },
] as const

const QUOTES = [
  { value: '"', label: 'Double  "' },
  { value: "'", label: "Single  '" },
  { value: '', label: 'None' },
] as const satisfies readonly { value: CsvReading['quote']; label: string }[]

const ESCAPES = [
  { value: 'double', label: 'Written twice  ""' },
  { value: 'backslash', label: 'With a backslash  \\"' },
] as const satisfies readonly { value: CsvReading['escape']; label: string }[]

const HEADERS = [
  { value: 'yes', label: 'Holds names' },
  { value: 'no', label: 'Is a row' },
] as const

const ENCODINGS = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'latin-1', label: 'Latin-1' },
] as const satisfies readonly { value: CsvReading['encoding']; label: string }[]

const DECIMALS = [
  { value: '.', label: 'Point  1.5' },
  { value: ',', label: 'Comma  1,5' },
] as const satisfies readonly { value: CsvReading['decimal']; label: string }[]

const DATE_FORMATS = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYYMMDD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'DD-MM-YYYY',
  'MM/DD/YYYY',
] as const satisfies readonly CsvReading['dateFormat'][]

const FIELDS = ['delimiter', 'quote', 'escape', 'header', 'encoding', 'decimal', 'nullTexts']

export function CsvOptions({ reading, error, onChange }: CsvOptionsProps) {
  const wrong = fieldOf(error)
  const errorAt = (name: string) => (wrong === name ? problemText(error) : undefined)
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="md">
        <DelimiterField
          value={reading.delimiter}
          error={errorAt('delimiter')}
          onChange={(delimiter) => onChange({ delimiter })}
        />
        <Choice
          label="First line"
          options={HEADERS}
          value={reading.header ? 'yes' : 'no'}
          onChange={(value) => onChange({ header: value === 'yes' })}
        />
        <Choice
          label="Quote"
          options={QUOTES}
          value={reading.quote}
          onChange={(quote) => onChange({ quote })}
        />
        {reading.quote !== '' && (
          <Choice
            label="Quote in a text"
            options={ESCAPES}
            value={reading.escape}
            onChange={(escape) => onChange({ escape })}
          />
        )}
        <Choice
          label="Encoding"
          options={ENCODINGS}
          value={reading.encoding}
          onChange={(encoding) => onChange({ encoding })}
        />
        <Choice
          label="Decimal sign"
          options={DECIMALS}
          value={reading.decimal}
          onChange={(decimal) => onChange({ decimal })}
        />
        <Choice
          label="Date format"
          options={DATE_FORMATS.map((value) => ({ value, label: value }))}
          value={reading.dateFormat}
          onChange={(dateFormat) => onChange({ dateFormat })}
        />
      </SimpleGrid>
      <TagsInput
        label="Texts that stand for no value"
        description="Beside the empty field, such as NA or \N. Enter adds one."
        value={reading.nullTexts}
        onChange={(nullTexts) => onChange({ nullTexts })}
        error={errorAt('nullTexts')}
        maxTags={20}
        splitChars={[]}
        maw={{ sm: '30rem' }}
      />
      {wrong === undefined && <ProblemNotice error={error} />}
    </Stack>
  )
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <NativeSelect
      label={label}
      data={options.map((option) => ({ ...option }))}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value)
        if (chosen) onChange(chosen.value)
      }}
    />
  )
}

const OTHER = 'other'

interface DelimiterFieldProps {
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (delimiter: string) => void
}

function DelimiterField({ value, error, onChange }: DelimiterFieldProps) {
  const isUsual = DELIMITERS.some((one) => one.value === value)
  const [isOther, setIsOther] = useState(!isUsual)
  const [text, setText] = useState(value)
  return (
    <Stack gap="xs">
      <NativeSelect
        label="Delimiter"
        data={[...DELIMITERS.map((one) => ({ ...one })), { value: OTHER, label: 'Another …' }]}
        value={isOther ? OTHER : value}
        error={isOther ? undefined : error}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          setIsOther(chosen === OTHER)
          if (chosen !== OTHER) onChange(chosen)
          else setText('')
        }}
      />
      {isOther && (
        <TextInput
          aria-label="Delimiter character"
          placeholder="One character"
          value={text}
          maxLength={1}
          error={error}
          onChange={(event) => {
            const { value: typed } = event.currentTarget
            setText(typed)
            if (typed !== '') onChange(typed)
          }}
        />
      )}
    </Stack>
  )
}

/** `csv.delimiter` → `delimiter`, where it stands on the screen. */
function fieldOf(error: unknown): string | undefined {
  const { field = '' } = error instanceof ApiError ? error.problem : {}
  return FIELDS.find((name) => field === `csv.${name}` || field.startsWith(`csv.${name}.`))
}
