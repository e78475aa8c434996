export function ensureConsoleBuilt(): Promise<void>
