/** What the command line needs of the process it runs in. The server's main file provides it. */
export interface CliPorts {
  /** Resolves when the bytes are taken, so that a slow reader slows us down. */
  write(text: string | Uint8Array): Promise<void>
  writeError(text: string): void
  /** All of standard input, as text. */
  readInput(): Promise<string>
  /** Undefined where no person sits at a terminal. */
  readonly terminal?: Terminal | undefined
  /** For editing lines; undefined where input or output is no terminal. */
  readonly terminalStreams?: TerminalStreams | undefined
  /** What is written is then read by a terminal, which obeys control characters. */
  readonly outputIsTerminal?: boolean
  /** The data directory: the flag, or what variables and the config file say, or the default. */
  dataDirectory(flag: string | undefined): string
  /** What the variable BLUEGATE_TOKEN holds. */
  environmentToken(): string | undefined
  /** Runs a gateway until it is told to stop. Resolves with the exit code. */
  serve(request: ServeRequest): Promise<number>
  /** Ctrl-C from now on calls `action` instead of ending the process. @returns what undoes that. */
  onInterrupt?(action: () => void): () => void
  /** Where progress is shown; undefined: nobody watches. */
  readonly progressStream?: NodeJS.WritableStream | undefined
  /** One line of standard input, without its end; empty when there is none. */
  readLine(): Promise<string>
  /** Puts a backup back. For while no gateway runs, as `recoverSecrets` is. */
  restore(file: string, request: OfflineRequest): Promise<RestoredBackup>
  recoverSecrets(request: OfflineRequest): Promise<RecoveredSecrets>
  readonly version: string
}

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** Questions to the person at the terminal. Both reject when the person gives up (Ctrl-C). */
export interface Terminal {
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askSecret(question: string): Promise<string>
}

/** What names the directories of an installation that does not run. */
export type OfflineRequest = Omit<ServeRequest, 'json'>

export interface RestoredBackup {
  readonly dataDir: string
  readonly takenAt: string
  readonly files: number
  readonly lastRecord: number
  /** Audit records that are known here and not in the backup. */
  readonly recordsLost: number
}

export interface RecoveredSecrets {
  readonly secretsDir: string
  /** Names of clients; each has a token that nobody has seen. */
  readonly clients: readonly string[]
  readonly lastUnprovenRecord: number
  readonly newCa: boolean
}

export interface ServeRequest {
  /** What the flags gave, under the names of the configuration. */
  readonly settings: readonly {
    readonly name: string
    readonly raw: unknown
    readonly origin: string
  }[]
  readonly configFile: string | undefined
  readonly json: boolean
}
