/** What the command line needs of the process it runs in. The server's main file provides it. */
export interface CliPorts {
  /** Resolves when the bytes are taken, so that a slow reader slows us down. */
  write(text: string | Uint8Array): Promise<void>
  writeError(text: string): void
  /** All of standard input, as text. */
  readInput(): Promise<string>
  /** The data directory: the flag, or what variables and the config file say, or the default. */
  dataDirectory(flag: string | undefined): string
  /** What the variable BLUEGATE_TOKEN holds. */
  environmentToken(): string | undefined
  /** Runs a gateway until it is told to stop. Resolves with the exit code. */
  serve(request: ServeRequest): Promise<number>
  readonly version: string
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
