/**
 * The `calls` layer: a filter of system calls (seccomp) over every thread of the process. A refused
 * call fails with EPERM, so that a library that only tries goes on.
 *
 * Source: Linux, Documentation/userspace-api/seccomp_filter.rst. A filter is a program of the
 * kernel's small machine that reads one call, its number and arguments; it is for good, and for what
 * the process becomes. The process must have given up new privileges before.
 */
import { addressOf, systemCall } from '../../duckdb/native/system-call.ts'
import { DENIED_CALLS, PROGRAM_CALLS } from './denied-calls.ts'
import type { CallNumbers } from './denied-calls.ts'

interface Processor {
  /** Which of the numbers of `DENIED_CALLS`. */
  readonly column: 0 | 1
  /** AUDIT_ARCH_…: which numbers a call's number is one of. */
  readonly architecture: number
  readonly seccomp: number
  readonly clone: number
  readonly kill: readonly number[]
}

const CLONE3 = 435
/** kill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo: the process is the first argument of each. */
const PROCESSORS: Readonly<Record<string, Processor>> = {
  x64: {
    column: 0,
    architecture: 0xc000_003e,
    seccomp: 317,
    clone: 56,
    kill: [62, 234, 129, 297],
  },
  arm64: {
    column: 1,
    architecture: 0xc000_00b7,
    seccomp: 277,
    clone: 220,
    kill: [129, 131, 138, 240],
  },
}

/** Where the parts of a call are, in bytes; of an argument, its low half. */
const NUMBER_AT = 0
const ARCHITECTURE_AT = 4
const FIRST_ARGUMENT_AT = 16

const LOAD = 0x20
const IF_EQUAL = 0x15
const IF_AT_LEAST = 0x35
const IF_ANY_BIT = 0x45
const RETURN = 0x06

const ALLOW = 0x7fff_0000
const KILL_PROCESS = 0x8000_0000
const FAIL_WITH = 0x0005_0000
const EPERM = 1
const ENOSYS = 38

const CLONE_THREAD = 0x0001_0000
/** Numbers from here on are those of the x32 ABI: the same calls by other numbers. */
const X32 = 0x4000_0000

type Program = readonly Instruction[]
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

const REFUSE: Instruction = [RETURN, 0, 0, FAIL_WITH | EPERM]

/**
 * Refuses every call that the engine has no use for, but the one by which it takes its place.
 *
 * @throws SystemCallError where the system has no filters; Error for a processor whose calls are not
 *         known. Nothing is filtered then.
 */
export function refuseCalls(): void {
  install((processor) => [
    ...refusals(DENIED_CALLS, processor),
    ...refuseProcesses(processor),
    ...refuseSignals(processor, process.pid),
  ])
}

/** Refuses to start a program. @throws as `refuseCalls`. */
export function refusePrograms(): void {
  install((processor) => refusals(PROGRAM_CALLS, processor))
}

function refusals(calls: Readonly<Record<string, CallNumbers>>, { column }: Processor): Program {
  const numbers = Object.values(calls).flatMap((call) => call[column] ?? [])
  return numbers.flatMap((number): Program => [[IF_EQUAL, 0, 1, number], REFUSE])
}

function refuseProcesses({ clone }: Processor): Program {
  return [
    // its arguments are behind a pointer; the C library then takes `clone`
    [IF_EQUAL, 0, 1, CLONE3],
    [RETURN, 0, 0, FAIL_WITH | ENOSYS],
    [IF_EQUAL, 0, 4, clone],
    [LOAD, 0, 0, FIRST_ARGUMENT_AT],
    [IF_ANY_BIT, 1, 0, CLONE_THREAD],
    REFUSE,
    [RETURN, 0, 0, ALLOW],
  ]
}

/** All but those to the process itself. */
function refuseSignals({ kill }: Processor, pid: number): Program {
  return kill.flatMap((number): Program => [
    [IF_EQUAL, 0, 4, number],
    [LOAD, 0, 0, FIRST_ARGUMENT_AT],
    [IF_EQUAL, 1, 0, pid],
    REFUSE,
    [RETURN, 0, 0, ALLOW],
  ])
}

const SET_MODE_FILTER = 1
/** All threads; and without the kernel's slow answer to Spectre, which guards nothing here. */
const FLAGS = 1 | 4

/** On the whole process, for good, on top of what is installed. */
function install(refusing: (processor: Processor) => Program): void {
  const processor = PROCESSORS[process.arch]
  if (!processor) throw new Error(`the calls of ${process.arch} are not known`)
  const program: Program = [
    [LOAD, 0, 0, ARCHITECTURE_AT],
    [IF_EQUAL, 1, 0, processor.architecture],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER_AT],
    [IF_AT_LEAST, 0, 1, X32],
    REFUSE,
    ...refusing(processor),
    [RETURN, 0, 0, ALLOW],
  ]
  const code = Buffer.alloc(program.length * 8)
  for (const [index, [operation, ifTrue, ifFalse, value]] of program.entries()) {
    code.writeUInt16LE(operation, index * 8)
    code.writeUInt8(ifTrue, index * 8 + 2)
    code.writeUInt8(ifFalse, index * 8 + 3)
    code.writeUInt32LE(value >>> 0, index * 8 + 4)
  }
  const header = Buffer.alloc(16)
  header.writeUInt16LE(program.length, 0)
  header.writeBigUInt64LE(addressOf(code), 8)
  systemCall(processor.seccomp, SET_MODE_FILTER, FLAGS, header)
}
