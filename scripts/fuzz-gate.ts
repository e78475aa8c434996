/**
 * npm run fuzz [-- --statements N --seed N --from N --workers N]: made-up statements by roles with made-up
 * rights, through the gate on the real engine, judged by plans and rows (test/fuzz/gate). Tells every
 * finding, and at the end how much was judged; ends with 1 when there was one. The same seed makes the
 * same statements; `from` is the number of the first.
 *
 * Each worker is a process of its own: a statement that the engine does not survive is told as well, and
 * the others go on behind it.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeFinding, fuzzGate, noTotals } from '../test/fuzz/gate/fuzz-gate.ts'
import type { FoundStatement, FuzzTotals } from '../test/fuzz/gate/fuzz-gate.ts'

/** Statements that a worker takes at a time: its world takes as long to make as a hundred of them. */
const PART_MAX = 5_000

interface Part {
  readonly seed: number
  readonly from: number
  readonly statements: number
}

type Message =
  | { readonly kind: 'statement'; readonly number: number }
  | { readonly kind: 'finding'; readonly found: FoundStatement }
  | { readonly kind: 'fatal'; readonly number: number; readonly sql: string }
  | { readonly kind: 'done'; readonly totals: FuzzTotals }

if (process.send) await work()
else await lead()

async function work(): Promise<void> {
  const tell = (message: Message): unknown => process.send?.(message)
  const part = JSON.parse(process.argv[2] ?? '') as Part
  const totals = await fuzzGate({
    ...part,
    onStatement: (number) => tell({ kind: 'statement', number }),
    onFinding: (found) => tell({ kind: 'finding', found }),
    onFatal: (number, sql) => tell({ kind: 'fatal', number, sql }),
  })
  tell({ kind: 'done', totals })
  process.disconnect()
}

async function lead(): Promise<void> {
  const { values } = parseArgs({
    options: {
      statements: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      from: { type: 'string', default: '0' },
      workers: { type: 'string', default: String(availableParallelism()) },
    },
  })
  const [statements, seed, from] = [
    Number(values.statements),
    Number(values.seed),
    Number(values.from),
  ]
  const even = Math.ceil(statements / Number(values.workers))
  const begun = performance.now()
  const seconds = (): number => Math.round((performance.now() - begun) / 1000)
  const totals = noTotals()
  const notSurvived: number[] = []
  let [next, told] = [from, -1]

  console.error(`seed ${seed}`)
  async function worker(): Promise<void> {
    while (next < from + statements) {
      const part = {
        seed,
        from: next,
        statements: Math.min(PART_MAX, even, from + statements - next),
      }
      next += part.statements
      const died = await runPart(part, totals)
      notSurvived.push(...died)
      tell()
    }
  }
  function tell(): void {
    const percent = Math.floor((100 * totals.statements) / statements)
    if (percent === told) return
    told = percent
    const { permitted, owed, findings } = totals
    const so = `${permitted} permitted, ${owed} owed, ${findings} findings`
    console.error(`${String(seconds()).padStart(5)} s  ${percent} % of ${statements}: ${so}`)
  }

  await Promise.all(Array.from({ length: Number(values.workers) }, worker))
  const share = {
    bound: rounded(totals.bound / totals.statements),
    permitted: rounded(totals.permitted / totals.statements),
    owedAndPermitted: rounded(totals.owedAndPermitted / totals.owed),
  }
  console.log(JSON.stringify({ seed, from, seconds: seconds(), ...totals, share, notSurvived }))
  process.exitCode = totals.findings > 0 ? 1 : 0
}

/** @returns the statements that the engine did not survive. */
async function runPart(part: Part, totals: FuzzTotals): Promise<number[]> {
  const died: number[] = []
  const end = part.from + part.statements
  for (let from = part.from; from < end;) {
    const last = await runWorker({ ...part, from, statements: end - from }, totals)
    if (last === undefined) break
    console.log(`${last}: the engine did not survive it`)
    died.push(last)
    from = last + 1
  }
  return died
}

/** @returns the statement at which the worker died; undefined when it came to its end. */
async function runWorker(part: Part, totals: FuzzTotals): Promise<number | undefined> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(part)])
  let last: number | undefined
  let done = false
  child.on('message', (message: Message) => {
    if (message.kind === 'statement') last = message.number
    if (message.kind === 'finding') console.log(describeFinding(message.found))
    if (message.kind === 'fatal') console.log(`${message.number}: fatal: ${message.sql}`)
    if (message.kind === 'done') {
      done = true
      for (const name of Object.keys(totals) as (keyof FuzzTotals)[]) {
        totals[name] += message.totals[name]
      }
    }
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...how) => resolve(how)),
  )
  if (!done && signal === null) throw new Error(`statement ${last}: the fuzzer failed (${code})`)
  return done ? undefined : (last ?? part.from)
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000
}
