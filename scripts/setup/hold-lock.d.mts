export function holdLock(file: string, onWait?: (holder: number) => void): () => void
