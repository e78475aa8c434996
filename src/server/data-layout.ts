/** Where everything lies in a data directory. */
import path from 'node:path'

export interface DataLayout {
  readonly metadataFile: string
  readonly auditDir: string
  readonly engineDir: string
  readonly engineTempDir: string
  readonly samplesDir: string
  readonly uploadsDir: string
  readonly tlsDir: string
}

export function dataLayout(dataDir: string): DataLayout {
  return {
    metadataFile: path.join(dataDir, 'metadata.sqlite'),
    auditDir: path.join(dataDir, 'audit'),
    engineDir: path.join(dataDir, 'engine'),
    engineTempDir: path.join(dataDir, 'engine-temp'),
    samplesDir: path.join(dataDir, 'samples'),
    uploadsDir: path.join(dataDir, 'uploads'),
    tlsDir: path.join(dataDir, 'tls'),
  }
}
