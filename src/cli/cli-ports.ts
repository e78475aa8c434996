/** What the command line needs of the process it runs in. The server's main file provides it. */
export interface CliPorts {
  /** Resolves when the bytes are taken, so that a slow reader slows us down. */
  write(text: string | Uint8Array): Promise<void>
  writeError(text: string): void
  /** All of standard input, as text. */
  readInput(): Promise<string>
  /** Undefined where no person sits at a terminal. */
  readonly terminal?: Terminal | undefined
  /** The data directory: the flag, or what variables and the config file say, or the default. */
  dataDirectory(flag: string | undefined): string
  /** Runs a gateway until it is told to stop. Resolves with the exit code. */
  serve(request: ServeRequest): Promise<number>
  /** Ctrl-C from now on calls `action` instead of ending the process. @returns what undoes that. */
  onInterrupt?(action: () => void): () => void
  /** Where progress is shown; undefined: nobody watches. */
  readonly progressStream?: NodeJS.WritableStream | undefined
  readonly version: string
}

/** Questions to the person at the terminal. Both reject when the person gives up (Ctrl-C). */
export interface Terminal {
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askSecret(question: string): Promise<string>
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
