import { describe } from 'vitest'
import { auditLogContract } from './audit-log-contract.ts'
import { MemoryAuditLog } from './memory-audit-log.ts'

describe('the audit in memory keeps the contract:', () => {
  auditLogContract(() => Promise.resolve(new MemoryAuditLog()))
})
