/** What a backup is to the API; the server takes it. */
export interface BackupPort {
  /**
   * Takes a backup of the running gateway into a file that must not exist.
   * @throws GatewayError; no file is left.
   */
  take(
    file: string,
    onProgress: (progress: BackupProgress) => void,
    signal: AbortSignal,
  ): Promise<BackupResult>
}

/** `copying`: tables; `writing`: bytes. */
export interface BackupProgress {
  readonly phase: 'copying' | 'writing'
  readonly done: number
  readonly total: number
}

export interface BackupResult {
  readonly file: string
  readonly bytes: number
  /** The instant whose state it holds. */
  readonly takenAt: string
  readonly tables: number
  /** The last record of the audit in it. */
  readonly lastRecord: number
}
